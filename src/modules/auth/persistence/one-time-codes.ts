import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { OneTimeCodes } from '../application/one-time-codes.ts';

const PUT = statement(
  'auth.put-code',
  `insert into auth.one_time_code (phone_index, purpose, salt, code_hash, expires_at, wrong_tries, user_id)
   values ($1, $2, $3, $4, store.from_ms($5), $6, $7)
   on conflict (phone_index, purpose) do update set salt = excluded.salt, code_hash = excluded.code_hash,
     expires_at = excluded.expires_at, wrong_tries = excluded.wrong_tries, user_id = excluded.user_id`,
);
const LOCK = statement(
  'auth.lock-code',
  `select user_id, salt, code_hash, expires_at, wrong_tries from auth.one_time_code
   where phone_index = $1 and purpose = $2 for update`,
);
const COUNT_WRONG_TRY = statement(
  'auth.count-wrong-try',
  'update auth.one_time_code set wrong_tries = wrong_tries + 1 where phone_index = $1 and purpose = $2',
);
const USE_UP = statement('auth.use-code', 'delete from auth.one_time_code where phone_index = $1 and purpose = $2');
const REMOVE_OF_USER = statement('auth.remove-codes-of-user', 'delete from auth.one_time_code where user_id = $1');
const FORGET = statement('auth.forget-codes', 'delete from auth.one_time_code where expires_at < store.from_ms($1)');

type Row = {
  readonly user_id: string | null;
  readonly salt: string;
  readonly code_hash: string;
  readonly expires_at: number;
  readonly wrong_tries: number;
};

export function createOneTimeCodes(database: Database): OneTimeCodes {
  return {
    async put({ phoneIndex, purpose }, { userId, salt, codeHash, expiresAtMs, wrongTries }) {
      await database.rows(PUT, [phoneIndex, purpose, salt, codeHash, expiresAtMs, wrongTries, userId]);
    },
    change: ({ phoneIndex, purpose }, decide) =>
      database.transaction(async (sql) => {
        const [row] = await sql.rows<Row>(LOCK, [phoneIndex, purpose]);
        if (row === undefined) return null;
        const { user_id: userId, salt, code_hash: codeHash, expires_at: expiresAtMs, wrong_tries: wrongTries } = row;
        const change = decide({ userId, salt, codeHash, expiresAtMs, wrongTries });
        if (change === 'use_up') await sql.rows(USE_UP, [phoneIndex, purpose]);
        if (change === 'count_wrong_try') await sql.rows(COUNT_WRONG_TRY, [phoneIndex, purpose]);
        return change;
      }),
    async removeOf(userId) {
      await database.rows(REMOVE_OF_USER, [userId]);
    },
    async forget(expiredBeforeMs) {
      await database.rows(FORGET, [expiredBeforeMs]);
    },
  };
}
