import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement, type Session as SqlSession } from '../../../infrastructure/postgres/session.ts';
import type { Factor, FactorKind } from '../domain/second-factor.ts';
import type { KeptRecoveryCode, SecondFactors, SessionsEnding, TotpFactor } from '../application/second-factors.ts';
import { endSessions, forgetFactor } from './sessions.ts';

// One after the other for an account, so that no two factors are the first, and no two passkeys the last that it may have.
const LOCK = statement('auth.lock-factors', 'select from auth.credential where user_id = $1 for update');
const KINDS = statement(
  'auth.factors-of-user',
  `select 'totp' as kind from auth.totp_factor where user_id = $1 and confirmed_at is not null
   union all select 'passkey' where exists (select from auth.passkey where user_id = $1)`,
);
const TOTP = statement(
  'auth.totp-of-user',
  'select secret, used_step from auth.totp_factor where user_id = $1 and confirmed_at is not null',
);
const PENDING = statement(
  'auth.pending-totp',
  `select secret, used_step from auth.totp_factor
   where user_id = $1 and confirmed_at is null and begun_at > store.from_ms($2)`,
);
const BEGIN = statement(
  'auth.begin-totp',
  `insert into auth.totp_factor (user_id, secret, begun_at, used_step) values ($1, $2, store.from_ms($3), 0)
   on conflict (user_id) do update set secret = excluded.secret, begun_at = excluded.begun_at
   where totp_factor.confirmed_at is null returning user_id`,
);
const CONFIRM = statement(
  'auth.confirm-totp',
  `update auth.totp_factor set confirmed_at = store.from_ms($4), used_step = $3, is_told = false
   where user_id = $1 and secret = $2 and confirmed_at is null returning user_id`,
);
const UNTOLD = statement(
  'auth.untold-totp',
  'select user_id as "userId" from auth.totp_factor where not is_told and confirmed_at < store.from_ms($1) limit 100',
);
const NOTE_TOLD = statement('auth.note-totp-told', 'update auth.totp_factor set is_told = true where user_id = $1');
const COUNT_TRY = statement(
  'auth.count-try-of-totp',
  `update auth.totp_factor set
     failed = case when failed_since > store.from_ms($2) then failed + 1 else 1 end,
     failed_since = case when failed_since > store.from_ms($2) then failed_since else store.from_ms($3) end
   where user_id = $1 and confirmed_at is not null and (failed < $4 or failed_since <= store.from_ms($2))
   returning failed`,
);
const FORGIVE = statement('auth.forgive-totp', 'update auth.totp_factor set failed = 0 where user_id = $1');
const USE_STEP = statement(
  'auth.use-totp',
  `update auth.totp_factor set used_step = $2, failed = greatest(failed - 1, 0)
   where user_id = $1 and confirmed_at is not null and used_step < $2 returning user_id`,
);
const REMOVE_TOTP = statement(
  'auth.remove-totp',
  'delete from auth.totp_factor where user_id = $1 and confirmed_at is not null returning user_id',
);
const REMOVE_PASSKEY = statement(
  'auth.remove-passkey',
  'delete from auth.passkey where user_id = $1 and id = $2 returning id',
);
const HAS_PASSKEY = statement('auth.has-passkey', 'select from auth.passkey where user_id = $1 and id = $2');
const REMOVE_PASSKEYS = statement('auth.remove-passkeys', 'delete from auth.passkey where user_id = $1');
const RECOVERY = statement(
  'auth.recovery-code',
  'select code_hash from auth.recovery_code where user_id = $1 and name = $2',
);
const USE_RECOVERY = statement(
  'auth.use-recovery-code',
  'delete from auth.recovery_code where user_id = $1 and name = $2 and code_hash = $3 returning name',
);
const RECOVERY_LEFT = statement(
  'auth.recovery-codes-left',
  'select count(*)::integer as left from auth.recovery_code where user_id = $1',
);
const REMOVE_RECOVERY = statement('auth.remove-recovery-codes', 'delete from auth.recovery_code where user_id = $1');
const ADD_RECOVERY = statement(
  'auth.add-recovery-codes',
  `insert into auth.recovery_code (user_id, name, code_hash)
   select $1, code.name, code.hash from unnest($2::text[], $3::text[]) as code(name, hash)`,
);

type TotpRow = { readonly secret: string; readonly used_step: number };

const toFactor = (row: TotpRow | undefined): TotpFactor | null =>
  row === undefined ? null : { sealedSecret: row.secret, usedStep: row.used_step };

async function kindsOf(sql: Pick<SqlSession, 'rows'>, userId: string): Promise<readonly FactorKind[]> {
  const rows = await sql.rows<{ kind: FactorKind }>(KINDS, [userId]);
  return rows.map(({ kind }) => kind);
}

/** What the account has until the end of the transaction, whoever else adds or removes; null when there is no account. */
export async function lockedKinds(sql: SqlSession, userId: string): Promise<readonly FactorKind[] | null> {
  return (await sql.rows(LOCK, [userId])).length === 0 ? null : kindsOf(sql, userId);
}

export async function replaceCodes(sql: SqlSession, userId: string, codes: readonly KeptRecoveryCode[]): Promise<void> {
  await sql.rows(REMOVE_RECOVERY, [userId]);
  await sql.rows(ADD_RECOVERY, [userId, codes.map(({ name }) => name), codes.map(({ codeHash }) => codeHash)]);
}

const takeAway = (sql: SqlSession, userId: string, factor: Factor) =>
  factor.factor === 'totp' ? sql.rows(REMOVE_TOTP, [userId]) : sql.rows(REMOVE_PASSKEY, [userId, factor.passkeyId]);

/** What counts only beside a factor: recovery codes stand in for others, and sessions are of two while there are two. */
async function forgetWithLast(sql: SqlSession, userId: string): Promise<void> {
  if ((await kindsOf(sql, userId)).length > 0) return;
  await sql.rows(REMOVE_RECOVERY, [userId]);
  await forgetFactor(sql, userId);
}

/** What takes factors away. */
const createRemovals = (database: Database) => ({
  remove: (userId: string, factor: Factor, { atMs, exceptSessionId }: SessionsEnding) =>
    database.transaction(async (sql) => {
      await lockedKinds(sql, userId);
      if ((await takeAway(sql, userId, factor)).length === 0) return false;
      await forgetWithLast(sql, userId);
      await endSessions(sql, userId, { reason: 'factor_changed', atMs, exceptSessionId });
      return true;
    }),
  removeAll: (userId: string, atMs: number) =>
    database.transaction(async (sql) => {
      await lockedKinds(sql, userId);
      await sql.rows(REMOVE_TOTP, [userId]);
      await sql.rows(REMOVE_PASSKEYS, [userId]);
      await forgetWithLast(sql, userId);
      await endSessions(sql, userId, { reason: 'factor_changed', atMs });
    }),
});

/** What asks for the codes of an account and uses them up. */
const createRecoveryCodes = (database: Database) => ({
  async recoveryCode(userId: string, name: string) {
    const [row] = await database.rows<{ code_hash: string }>(RECOVERY, [userId, name]);
    return row?.code_hash ?? null;
  },
  useRecoveryCode: (userId: string, { name, codeHash }: KeptRecoveryCode) =>
    database.transaction(async (sql) => {
      const used = await sql.rows(USE_RECOVERY, [userId, name, codeHash]);
      if (used.length === 0) return null;
      await sql.rows(FORGIVE, [userId]);
      const [row] = await sql.rows<{ left: number }>(RECOVERY_LEFT, [userId]);
      return row?.left ?? 0;
    }),
  async recoveryCodesLeft(userId: string) {
    const [row] = await database.rows<{ left: number }>(RECOVERY_LEFT, [userId]);
    return row?.left ?? 0;
  },
  replaceRecoveryCodes: (userId: string, codes: readonly KeptRecoveryCode[]) =>
    database.transaction((sql) => replaceCodes(sql, userId, codes)),
});

export function createSecondFactors(database: Database): SecondFactors {
  return {
    ...createRecoveryCodes(database),
    ...createRemovals(database),
    kindsOf: (userId) => kindsOf(database, userId),
    has: async (userId, factor) =>
      (
        await (factor.factor === 'totp'
          ? database.rows(TOTP, [userId])
          : database.rows(HAS_PASSKEY, [userId, factor.passkeyId]))
      ).length > 0,
    totp: async (userId) => toFactor((await database.rows<TotpRow>(TOTP, [userId]))[0]),
    pendingTotp: async (userId, begunAfterMs) =>
      toFactor((await database.rows<TotpRow>(PENDING, [userId, begunAfterMs]))[0]),
    async beginTotp(userId, sealedSecret, nowMs) {
      return (await database.rows(BEGIN, [userId, sealedSecret, nowMs])).length > 0;
    },
    confirmTotp: ({ userId, sealedSecret, step, nowMs, recoveryCodes }) =>
      database.transaction(async (sql) => {
        const kinds = await lockedKinds(sql, userId);
        const isFirst = kinds?.length === 0;
        if (kinds === null || (isFirst && recoveryCodes.length === 0)) return null;
        const confirmed = await sql.rows(CONFIRM, [userId, sealedSecret, step, nowMs]);
        if (confirmed.length === 0) return null;
        if (isFirst) await replaceCodes(sql, userId, recoveryCodes);
        return isFirst ? 'first' : 'further';
      }),
    async untold(confirmedBeforeMs) {
      const rows = await database.rows<{ userId: string }>(UNTOLD, [confirmedBeforeMs]);
      return rows.map(({ userId }) => userId);
    },
    async noteTold(userId) {
      await database.rows(NOTE_TOLD, [userId]);
    },
    async countTry(userId, { sinceMs, nowMs, most }) {
      const [row] = await database.rows<{ failed: number }>(COUNT_TRY, [userId, sinceMs, nowMs, most]);
      return row?.failed ?? null;
    },
    async useStep(userId, step) {
      return (await database.rows(USE_STEP, [userId, step])).length > 0;
    },
  };
}
