import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { PasswordResets } from '../application/password-resets.ts';
import { endSessions } from './sessions.ts';

const ADD = statement(
  'auth.add-reset',
  'insert into auth.password_reset (token_hash, user_id, expires_at) values ($1, $2, store.from_ms($3))',
);
const OWNER = statement(
  'auth.owner-of-reset',
  'select user_id from auth.password_reset where token_hash = $1 and expires_at > store.from_ms($2)',
);
const TAKE = statement(
  'auth.take-reset',
  'delete from auth.password_reset where token_hash = $1 and expires_at > store.from_ms($2) returning user_id',
);
const REMOVE_OF_USER = statement('auth.remove-resets-of-user', 'delete from auth.password_reset where user_id = $1');
const SET = statement(
  'auth.set-password',
  `insert into auth.credential (user_id, password_hash, created_at, changed_at)
   values ($1, $2, store.from_ms($3), store.from_ms($3))
   on conflict (user_id) do update set password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
);
const FORGET = statement('auth.forget-resets', 'delete from auth.password_reset where expires_at < store.from_ms($1)');

export function createPasswordResets(database: Database): PasswordResets {
  return {
    async add({ tokenHash, userId, expiresAtMs }) {
      await database.rows(ADD, [tokenHash, userId, expiresAtMs]);
    },
    async removeOf(userId) {
      await database.rows(REMOVE_OF_USER, [userId]);
    },
    async ownerOf(tokenHash, nowMs) {
      const [row] = await database.rows<{ user_id: string }>(OWNER, [tokenHash, nowMs]);
      return row?.user_id ?? null;
    },
    use: (tokenHash, passwordHash, nowMs) =>
      database.transaction(async (sql) => {
        const [row] = await sql.rows<{ user_id: string }>(TAKE, [tokenHash, nowMs]);
        if (row === undefined) return false;
        await sql.rows(REMOVE_OF_USER, [row.user_id]);
        await sql.rows(SET, [row.user_id, passwordHash, nowMs]);
        await endSessions(sql, row.user_id, { reason: 'password_reset', atMs: nowMs });
        return true;
      }),
    async forget(expiredBeforeMs) {
      await database.rows(FORGET, [expiredBeforeMs]);
    },
  };
}
