import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Credentials } from '../application/credentials.ts';

const ADD = statement(
  'auth.add-credential',
  `insert into auth.credential (user_id, password_hash, created_at, changed_at)
   values ($1, $2, store.from_ms($3), store.from_ms($3))`,
);
const FIND = statement('auth.password-hash', 'select password_hash from auth.credential where user_id = $1');
const REPLACE = statement(
  'auth.replace-password',
  `update auth.credential set password_hash = $2, changed_at = store.from_ms($3)
   where user_id = $1 and password_hash = $4 returning user_id`,
);
const REMOVE = statement('auth.remove-credential', 'delete from auth.credential where user_id = $1');

export function createCredentials(database: Database): Credentials {
  return {
    async add(userId, passwordHash, nowMs) {
      await database.rows(ADD, [userId, passwordHash, nowMs]);
    },
    async passwordHash(userId) {
      const [row] = await database.rows<{ password_hash: string }>(FIND, [userId]);
      return row?.password_hash ?? null;
    },
    async replace({ userId, passwordHash, nowMs }, oldHash) {
      return (await database.rows(REPLACE, [userId, passwordHash, nowMs, oldHash])).length > 0;
    },
    async remove(userId) {
      await database.rows(REMOVE, [userId]);
    },
  };
}
