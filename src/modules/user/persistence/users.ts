import { assert } from '../../../kernel/assert.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Account, Accounts } from '../application/accounts.ts';
import type { Child, Children } from '../application/children.ts';
import type { Gender, Language } from '../domain/user-messages.ts';

export const usersProjection: Projection = {
  name: 'users.users',
  schema: 'users',
  tables: ['users', 'children', 'consents'],
  eventTypes: [
    'UserRegistered',
    'PhoneVerified',
    'ProfileChanged',
    'ConsentsChanged',
    'ChildAdded',
    'ChildChanged',
    'ChildPhotoStored',
    'ChildPhotoRemoved',
    'ChildRemoved',
    'UserErased',
  ],
  functionName: 'users.project_users',
};

const USERS = statement(
  'user.users-by-id',
  `select id, phone, phone_verified_at is not null as phone_verified, email, name, language, version, created_at, updated_at
   from users.users where id = any($1) and erased_at is null`,
);

const CHILDREN = statement(
  'user.children-by-user',
  `select id, user_id, name, birth_date, gender, photo_key, version, created_at from users.children
   where user_id = any($1) and removed_at is null order by created_at, id`,
);

type UserRow = {
  readonly id: string;
  readonly phone: string;
  readonly phone_verified: boolean;
  readonly email: string | null;
  readonly name: string;
  readonly language: Language;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
};

type ChildRow = {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly birth_date: string;
  readonly gender: Gender | null;
  readonly photo_key: string | null;
  readonly version: number;
  readonly created_at: number;
};

const BATCH = { maxItems: 256, maxQueued: 10_000 };

/** The text behind a sealed column, null once the account was erased. */
async function open(vault: Vault, sealed: string): Promise<string | null> {
  const json = await vault.open(sealed);
  if (json === null) return null;
  const value: unknown = JSON.parse(json);
  assert(typeof value === 'string', 'a sealed column holds a text');
  return value;
}

async function toAccount(vault: Vault, row: UserRow): Promise<Account | null> {
  const [phone, name, email] = await Promise.all([
    open(vault, row.phone),
    open(vault, row.name),
    row.email === null ? null : open(vault, row.email),
  ]);
  if (phone === null || name === null) return null;
  const { id, language, version, created_at: createdAtMs, updated_at: updatedAtMs } = row;
  const phoneVerified = row.phone_verified;
  return { userId: id, phone, phoneVerified, name, email, language, version, createdAtMs, updatedAtMs };
}

async function toChild(vault: Vault, row: ChildRow): Promise<Child | null> {
  const [name, birthDate, photoKey] = await Promise.all([
    open(vault, row.name),
    open(vault, row.birth_date),
    row.photo_key === null ? null : open(vault, row.photo_key),
  ]);
  if (name === null || birthDate === null) return null;
  const { id: childId, gender, version, created_at: createdAtMs } = row;
  return { childId, name, birthDate, gender, photoKey, version, createdAtMs };
}

/** Accounts by id; look-ups made at the same time share one statement. */
export function createAccounts(database: Database, vault: Vault): Accounts {
  const rows = createBatcher<string, UserRow | null>({
    ...BATCH,
    async run(userIds) {
      const found = await database.rows<UserRow>(USERS, [[...new Set(userIds)]]);
      const byId = new Map(found.map((row) => [row.id, row]));
      return userIds.map((userId) => byId.get(userId) ?? null);
    },
  });
  return {
    async find(userId) {
      const row = await rows.submit(userId);
      return row === null ? null : toAccount(vault, row);
    },
  };
}

/** Children by account; look-ups made at the same time share one statement. */
export function createChildren(database: Database, vault: Vault): Children {
  const rows = createBatcher<string, readonly ChildRow[]>({
    ...BATCH,
    async run(userIds) {
      const byUser = new Map<string, ChildRow[]>(userIds.map((userId) => [userId, []]));
      for (const row of await database.rows<ChildRow>(CHILDREN, [[...byUser.keys()]]))
        byUser.get(row.user_id)?.push(row);
      return userIds.map((userId) => byUser.get(userId) ?? []);
    },
  });
  return {
    async of(userId) {
      const found = await rows.submit(userId);
      const children = await Promise.all(found.map((row) => toChild(vault, row)));
      return children.filter((child) => child !== null);
    },
  };
}
