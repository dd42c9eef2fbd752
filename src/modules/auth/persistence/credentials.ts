import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Credentials } from '../application/credentials.ts';

const ADD = statement(
  'auth.add-credential',
  `insert into auth.credential (user_id, password_hash, created_at, changed_at)
   values ($1, $2, store.from_ms($3), store.from_ms($3))`,
);
const FIND = statement('auth.password-hash', 'select password_hash from auth.credential where user_id = $1');
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
    async remove(userId) {
      await database.rows(REMOVE, [userId]);
    },
  };
}
