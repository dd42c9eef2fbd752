import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement, type Session as SqlSession } from '../../../infrastructure/postgres/session.ts';
import type { FactorKind } from '../domain/second-factor.ts';
import type { KeptRecoveryCode, SecondFactors, TotpFactor } from '../application/second-factors.ts';

const KINDS = statement(
  'auth.factors-of-user',
  `select 'totp' as kind from auth.totp_factor where user_id = $1 and confirmed_at is not null`,
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
  `update auth.totp_factor set confirmed_at = store.from_ms($4), used_step = $3
   where user_id = $1 and secret = $2 and confirmed_at is null returning user_id`,
);
const USE_STEP = statement(
  'auth.use-totp',
  `update auth.totp_factor set used_step = $2
   where user_id = $1 and confirmed_at is not null and used_step < $2 returning user_id`,
);
const REMOVE_TOTP = statement(
  'auth.remove-totp',
  'delete from auth.totp_factor where user_id = $1 returning confirmed_at is not null as counted',
);
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

async function replaceCodes(sql: SqlSession, userId: string, codes: readonly KeptRecoveryCode[]): Promise<void> {
  await sql.rows(REMOVE_RECOVERY, [userId]);
  await sql.rows(ADD_RECOVERY, [userId, codes.map(({ name }) => name), codes.map(({ codeHash }) => codeHash)]);
}

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
    async kindsOf(userId) {
      const rows = await database.rows<{ kind: FactorKind }>(KINDS, [userId]);
      return rows.map(({ kind }) => kind);
    },
    totp: async (userId) => toFactor((await database.rows<TotpRow>(TOTP, [userId]))[0]),
    pendingTotp: async (userId, begunAfterMs) =>
      toFactor((await database.rows<TotpRow>(PENDING, [userId, begunAfterMs]))[0]),
    async beginTotp(userId, sealedSecret, nowMs) {
      return (await database.rows(BEGIN, [userId, sealedSecret, nowMs])).length > 0;
    },
    confirmTotp: ({ userId, sealedSecret, step, nowMs, recoveryCodes }) =>
      database.transaction(async (sql) => {
        const confirmed = await sql.rows(CONFIRM, [userId, sealedSecret, step, nowMs]);
        if (confirmed.length === 0) return false;
        await replaceCodes(sql, userId, recoveryCodes);
        return true;
      }),
    async useStep(userId, step) {
      return (await database.rows(USE_STEP, [userId, step])).length > 0;
    },
    removeTotp: (userId) =>
      database.transaction(async (sql) => {
        const [row] = await sql.rows<{ counted: boolean }>(REMOVE_TOTP, [userId]);
        const left = await sql.rows(KINDS, [userId]);
        if (left.length === 0) await sql.rows(REMOVE_RECOVERY, [userId]);
        return row?.counted === true;
      }),
    removeAll: (userId) =>
      database.transaction(async (sql) => {
        await sql.rows(REMOVE_TOTP, [userId]);
        await sql.rows(REMOVE_RECOVERY, [userId]);
      }),
  };
}
