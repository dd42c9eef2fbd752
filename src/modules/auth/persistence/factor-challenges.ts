import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Challenges } from '../application/second-factors.ts';

const OPEN = statement(
  'auth.open-challenge',
  `insert into auth.factor_challenge (token_hash, user_id, witness, expires_at, tries)
   values ($1, $2, $3, store.from_ms($4), 0)`,
);
const ATTEMPT = statement(
  'auth.attempt-challenge',
  `update auth.factor_challenge set tries = tries + 1
   where token_hash = $1 and expires_at > store.from_ms($2) and tries < $3 returning user_id, witness`,
);
const TAKE = statement(
  'auth.take-challenge',
  'delete from auth.factor_challenge where token_hash = $1 returning user_id',
);
const REMOVE_OF_USER = statement(
  'auth.remove-challenges-of-user',
  'delete from auth.factor_challenge where user_id = $1',
);
const FORGET = statement(
  'auth.forget-challenges',
  'delete from auth.factor_challenge where expires_at < store.from_ms($1)',
);

export function createChallenges(database: Database): Challenges {
  return {
    async open({ tokenHash, userId, witness, expiresAtMs }) {
      await database.rows(OPEN, [tokenHash, userId, witness, expiresAtMs]);
    },
    async attempt(tokenHash, nowMs, mostTries) {
      const [row] = await database.rows<{ user_id: string; witness: Uint8Array }>(ATTEMPT, [
        tokenHash,
        nowMs,
        mostTries,
      ]);
      return row === undefined ? null : { userId: row.user_id, witness: row.witness };
    },
    async take(tokenHash) {
      return (await database.rows(TAKE, [tokenHash])).length > 0;
    },
    async removeOf(userId) {
      await database.rows(REMOVE_OF_USER, [userId]);
    },
    async forget(expiredBeforeMs) {
      await database.rows(FORGET, [expiredBeforeMs]);
    },
  };
}
