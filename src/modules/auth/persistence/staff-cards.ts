import type { Result } from '../../../kernel/result.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { SqlValue } from '../../../infrastructure/postgres/value-types.ts';
import type { Account, Accounts } from '../application/accounts.ts';
import type { Credentials } from '../application/credentials.ts';
import type { Roles } from '../application/roles.ts';
import { STAFF_TRUSTED_MS, type LogPlace, type StaffBook, type StaffOfPark } from '../application/staff-cards.ts';
import type { ParsePhone } from '../application/request-code.ts';
import type { RoleAtPark, StaffCard, StaffList } from '../contract.ts';

// Who has passkeys and no app is left out: a park knows no passkeys, and would let them in by the password alone.
// An account that runs the chain is left out whatever else it may do: what opens it is kept at no counter.
const OF_PARK = statement(
  'auth.staff-of-park',
  `select g.user_id as "userId", c.password_hash as "passwordHash", f.secret as "sealedTotp", array_agg(distinct g.role::text order by g.role::text) as roles
   from auth.role_grants g join auth.credential c on c.user_id = g.user_id
     left join auth.totp_factor f on f.user_id = g.user_id and f.confirmed_at is not null
   where (g.park_id = $1 or (g.park_id is null and g.role in ('gate', 'manager')))
     and not exists (
       select from auth.role_grants w where w.user_id = g.user_id and w.park_id is null and w.role in ('admin', 'finance')
     )
     and (f.secret is not null or not exists (select from auth.passkey k where k.user_id = g.user_id))
   group by g.user_id, c.password_hash, f.secret order by g.user_id`,
);
const LOG_PLACE = statement('auth.log-place', 'select incarnation, position from store.head');

/** At headquarters: what its own tables say of the staff of a park. */
export const createStaffOfPark = (database: Database): { staffOfPark: StaffOfPark; logPlace: LogPlace } => ({
  staffOfPark: (parkId) => database.rows<Awaited<ReturnType<StaffOfPark>>[number]>(OF_PARK, [parkId]),
  async logPlace() {
    const [place] = await database.rows<StaffList['version']>(LOG_PLACE, []);
    if (place === undefined) throw new Error('the log has no head');
    return place;
  },
});

const KEPT = statement('auth.staff-list', 'select incarnation, position, digest from auth.staff_list');
const KNOWN = statement(
  'auth.staff-known',
  `select s.user_id, s.password_hash, f.secret as sealed_totp from auth.staff_cards s
     left join auth.totp_factor f on f.user_id = s.user_id where s.person is not null`,
);
const HEAR = statement(
  'auth.hear-staff-list',
  `insert into auth.staff_list (incarnation, position, heard_at, digest) values ($1, $2, store.from_ms($3), $4)
   on conflict (only_row) do update set incarnation = excluded.incarnation, position = excluded.position,
     heard_at = excluded.heard_at, digest = excluded.digest
   where staff_list.incarnation <> excluded.incarnation or staff_list.position <= excluded.position
   returning incarnation`,
);
const CLEAR_NUMBERS = statement('auth.clear-staff-numbers', 'update auth.staff_cards set phone_index = null');
const FORGET = statement(
  'auth.forget-staff',
  `update auth.staff_cards set person = null, password_hash = null, roles = '{}', changed_at = auth.after_tokens(store.from_ms($2))
   where user_id <> all($1::uuid[]) and person is not null`,
);
const KEEP = statement(
  'auth.keep-staff-card',
  `insert into auth.staff_cards (user_id, phone_index, person, password_hash, roles, changed_at)
   values ($1, $2, $3, $4, $5, auth.after_tokens(store.from_ms($6)))
   on conflict (user_id) do update set phone_index = excluded.phone_index, person = excluded.person,
     password_hash = excluded.password_hash, roles = excluded.roles,
     changed_at = case when staff_cards.roles = excluded.roles then staff_cards.changed_at else excluded.changed_at end`,
);

// What an app has shown it has shown: a code that was used here counts here no more, also of a secret that is told again.
const KEEP_FACTOR = statement(
  'auth.keep-staff-factor',
  `insert into auth.totp_factor (user_id, secret, begun_at, confirmed_at, used_step)
   values ($1, $2, store.from_ms($3), store.from_ms($3), 0)
   on conflict (user_id) do update set secret = excluded.secret, failed = case when $4 then 0 else totp_factor.failed end`,
);
const FORGET_FACTORS = statement(
  'auth.forget-staff-factors',
  'delete from auth.totp_factor where user_id <> all($1::uuid[])',
);

const FRESH = 'exists (select from auth.staff_list where heard_at > store.from_ms($2))';
const BY_PHONE = statement(
  'auth.staff-by-phone',
  `select user_id from auth.staff_cards where phone_index = $1 and ${FRESH}`,
);
const BY_ID = statement(
  'auth.staff-by-id',
  `select person, password_hash, roles, store.to_ms(changed_at) as changed_at from auth.staff_cards
   where user_id = $1 and person is not null and ${FRESH}`,
);
const CHANGED = statement(
  'auth.staff-changed-since',
  `select user_id, case when ${FRESH} then roles else '{}' end as roles from auth.staff_cards
   where changed_at > store.from_ms($1)`,
);

type Row = {
  readonly person: string;
  readonly password_hash: string;
  readonly roles: StaffCard['roles'];
  readonly changed_at: number;
};

type KeptRow = StaffList['version'] & { readonly digest: string | null };
type KnownRow = { readonly user_id: string; readonly password_hash: string; readonly sealed_totp: string | null };

const [PHONE_SCOPE, LIST_SCOPE] = ['staff-phone', 'staff-list'];

type Dependencies = {
  readonly database: Database;
  readonly vault: Pick<Vault, 'blindIndex' | 'seal' | 'open'>;
  readonly clock: Clock;
  readonly parsePhone: ParsePhone;
  /** The park whose node this is. */
  readonly parkId: string;
};

/** At a park: its staff in place of accounts, credentials and roles, of which it has none of its own. */
export type StaffTables = StaffBook & {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly roles: Roles;
};

function createBook({ database, vault }: Dependencies): StaffBook {
  async function rowOf(card: StaffCard, nowMs: number): Promise<readonly (readonly [string, ...SqlValue[]])[]> {
    const { userId, phone, name, language, passwordHash, roles } = card;
    const person = await vault.seal(userId, JSON.stringify({ phone, name, language }));
    if (person === null) return [];
    return [[userId, vault.blindIndex(PHONE_SCOPE, phone), person, passwordHash, roles.toSorted(), nowMs]];
  }
  async function factorOf(
    { userId, totpSecret }: StaffCard,
    before: ReadonlyMap<string, string | null>,
    nowMs: number,
  ) {
    const sealed = totpSecret === null || totpSecret === undefined ? null : await vault.seal(userId, totpSecret);
    return sealed === null ? [] : [[userId, sealed, nowMs, before.get(userId) !== totpSecret] as const];
  }
  /** With its version: a program that keeps lists without a digest leaves one behind that is of no list any more. */
  const digestOf = ({ version: { incarnation, position }, cards }: StaffList): string =>
    vault.blindIndex(LIST_SCOPE, JSON.stringify([incarnation, position, cards]));
  const heardOf = (list: StaffList, nowMs: number): readonly SqlValue[] => {
    const { incarnation, position } = list.version;
    return [incarnation, position, nowMs, digestOf(list)];
  };
  /** Who is on record here, with the secret of their app as it is told. */
  async function known() {
    const rows = await database.rows<KnownRow>(KNOWN, []);
    const opened = async ({ sealed_totp: sealed, ...row }: KnownRow) => ({
      ...row,
      totpSecret: sealed === null ? null : await vault.open(sealed),
    });
    return Promise.all(rows.map(opened));
  }
  return {
    async compare({ version, cards }) {
      const [kept] = await database.rows<KeptRow>(KEPT, []);
      if (kept?.incarnation === version.incarnation && kept.position > version.position) return null;
      if (kept !== undefined && kept.digest === digestOf({ version: kept, cards })) return 'none';
      const rows = await known();
      const byId = new Map(cards.map((card) => [card.userId, card]));
      const idsOf = (isMeant: (row: (typeof rows)[number], card: StaffCard | undefined) => boolean): string[] =>
        rows.filter((row) => isMeant(row, byId.get(row.user_id))).map((row) => row.user_id);
      return {
        gone: idsOf((_row, card) => card === undefined),
        withNewPassword: idsOf((row, card) => card !== undefined && card.passwordHash !== row.password_hash),
        withOtherFactor: idsOf((row, card) => card?.totpSecret !== undefined && card.totpSecret !== row.totpSecret),
      };
    },
    async confirm(list, nowMs) {
      await database.rows(HEAR, heardOf(list, nowMs));
    },
    async replace(list, nowMs) {
      const { cards } = list;
      const rows = (await Promise.all(cards.map((card) => rowOf(card, nowMs)))).flat();
      const untold = cards.filter(({ totpSecret }) => totpSecret === undefined).map(({ userId }) => userId);
      const before = new Map((await known()).map((row) => [row.user_id, row.totpSecret]));
      const factors = (await Promise.all(cards.map((card) => factorOf(card, before, nowMs)))).flat();
      await database.transaction(async (sql) => {
        const heard = await sql.rows(HEAR, heardOf(list, nowMs));
        if (heard.length === 0) return;
        await sql.rows(FORGET, [rows.map(([userId]) => userId), nowMs]);
        await sql.rows(CLEAR_NUMBERS, []);
        for (const row of rows) await sql.rows(KEEP, row);
        await sql.rows(FORGET_FACTORS, [[...untold, ...factors.map(([userId]) => userId)]]);
        for (const factor of factors) await sql.rows(KEEP_FACTOR, factor);
      });
    },
  };
}

const isHeadquarters = (): never => {
  throw new Error('accounts are made and changed at headquarters');
};

export function createStaffTables(dependencies: Dependencies): StaffTables {
  const { database, vault, clock, parsePhone, parkId } = dependencies;
  const trustedSinceMs = (): number => clock.now() - STAFF_TRUSTED_MS;
  const find = async (userId: string): Promise<Row | null> =>
    (await database.rows<Row>(BY_ID, [userId, trustedSinceMs()]))[0] ?? null;
  const here = (roles: StaffCard['roles']): RoleAtPark[] => roles.map((role) => ({ role, parkId }));

  async function userIdByPhone(phone: string): Promise<Result<string | null, { readonly code: 'bad_phone' }>> {
    const number = parsePhone(phone);
    if (number === null) return refuse({ code: 'bad_phone' });
    const index = vault.blindIndex(PHONE_SCOPE, number);
    const [row] = await database.rows<{ user_id: string }>(BY_PHONE, [index, trustedSinceMs()]);
    return ok(row?.user_id ?? null);
  }

  async function profile(userId: string): Promise<Account | null> {
    const row = await find(userId);
    const person = row === null ? null : await vault.open(row.person);
    if (row === null || person === null) return null;
    const { phone, name, language } = JSON.parse(person) as Pick<Account, 'phone' | 'name' | 'language'>;
    return { userId, phone, name, language, email: null, createdAtMs: row.changed_at, updatedAtMs: row.changed_at };
  }

  return {
    ...createBook(dependencies),
    accounts: { userIdByPhone, profile, register: isHeadquarters, yieldNumber: isHeadquarters },
    credentials: {
      passwordHash: async (userId) => (await find(userId))?.password_hash ?? null,
      add: isHeadquarters,
      remove: isHeadquarters,
      // A stronger hash is made where the account is.
      replace: async () => false,
    },
    roles: {
      of: async (userId) => here((await find(userId))?.roles ?? []),
      hasAdmin: async () => false,
      noteChange: isHeadquarters,
      async changedSince(sinceMs) {
        const rows = await database.rows<{ user_id: string; roles: StaffCard['roles'] }>(CHANGED, [
          sinceMs,
          trustedSinceMs(),
        ]);
        return new Map(rows.map(({ user_id: userId, roles }) => [userId, here(roles)]));
      },
    },
  };
}
