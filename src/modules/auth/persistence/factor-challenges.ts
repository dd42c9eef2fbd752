import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Challenges } from '../application/second-factors.ts';

const OPEN = statement(
  'auth.open-challenge',
  `insert into auth.factor_challenge (token_hash, user_id, witness, by_password, expires_at, tries)
   values ($1, $2, $3, $5, store.from_ms($4), 0)`,
);
const ATTEMPT = statement(
  'auth.attempt-challenge',
  `update auth.factor_challenge set tries = tries + 1
   where token_hash = $1 and expires_at > store.from_ms($2) and tries < $3 returning user_id, witness, by_password`,
);
const ASKED = statement(
  'auth.asked-challenge',
  `select user_id from auth.factor_challenge
   where token_hash = $1 and expires_at > store.from_ms($2) and tries < $3`,
);
const OPEN_FOR_PASSKEY = statement(
  'auth.open-passkey-challenge',
  `insert into auth.passkey_challenge (occasion, user_id, challenge, expires_at) values ($1, $2, $3, store.from_ms($4))
   on conflict (occasion) do update
     set user_id = excluded.user_id, challenge = excluded.challenge, expires_at = excluded.expires_at`,
);
const TAKE_FOR_PASSKEY = statement(
  'auth.take-passkey-challenge',
  `delete from auth.passkey_challenge where occasion = $1 and user_id = $2 and expires_at > store.from_ms($3)
   returning challenge`,
);
const REMOVE_PASSKEY_CHALLENGES = statement(
  'auth.remove-passkey-challenges-of-user',
  'delete from auth.passkey_challenge where user_id = $1',
);
const FORGET_PASSKEY_CHALLENGES = statement(
  'auth.forget-passkey-challenges',
  'delete from auth.passkey_challenge where expires_at < store.from_ms($1)',
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

type AttemptRow = { readonly user_id: string; readonly witness: Uint8Array; readonly by_password: boolean };

export function createChallenges(database: Database): Challenges {
  return {
    async open({ tokenHash, userId, witness, expiresAtMs, isByPassword }) {
      await database.rows(OPEN, [tokenHash, userId, witness, expiresAtMs, isByPassword]);
    },
    async attempt(tokenHash, nowMs, mostTries) {
      const [row] = await database.rows<AttemptRow>(ATTEMPT, [tokenHash, nowMs, mostTries]);
      if (row === undefined) return null;
      return { userId: row.user_id, witness: row.witness, isByPassword: row.by_password };
    },
    async asked(tokenHash, nowMs, mostTries) {
      const [row] = await database.rows<Pick<AttemptRow, 'user_id'>>(ASKED, [tokenHash, nowMs, mostTries]);
      return row?.user_id ?? null;
    },
    async openForPasskey({ occasion, userId, challenge, expiresAtMs }) {
      await database.rows(OPEN_FOR_PASSKEY, [occasion, userId, challenge, expiresAtMs]);
    },
    async takeForPasskey({ occasion, userId, nowMs }) {
      const [row] = await database.rows<{ challenge: string }>(TAKE_FOR_PASSKEY, [occasion, userId, nowMs]);
      return row?.challenge ?? null;
    },
    async take(tokenHash) {
      return (await database.rows(TAKE, [tokenHash])).length > 0;
    },
    async removeOf(userId) {
      await database.rows(REMOVE_OF_USER, [userId]);
      await database.rows(REMOVE_PASSKEY_CHALLENGES, [userId]);
    },
    async forget(expiredBeforeMs) {
      await database.rows(FORGET, [expiredBeforeMs]);
      await database.rows(FORGET_PASSKEY_CHALLENGES, [expiredBeforeMs]);
    },
  };
}
