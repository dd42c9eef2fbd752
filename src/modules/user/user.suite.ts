import { expect } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { createManualClock, type ManualClock } from '../../infrastructure/clock.ts';
import { openPostgresEventStore, type PostgresEventStore } from '../../infrastructure/event-store/postgres-store.ts';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import { rebuildProjection, registerProjections } from '../../infrastructure/event-store/projections.ts';
import { createSubjectKeyTable } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { connectDatabase, type Database } from '../../infrastructure/postgres/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { migrate } from '../../infrastructure/postgres/migrate.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner } from '../../kernel/command-runner.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Vault } from '../../kernel/vault.ts';
import { createUserModule, userManifest, type UserModule } from './module.ts';

/** 2026-11-24 06:30 in UTC, 12:30 in Bishkek. */
export const NOON_MS = Date.UTC(2026, 10, 24, 6, 30);

/** In these tests the token is the id of its owner. */
export const ownerTokens: TokenVerifier = {
  verify: async (userId) =>
    isUuid(userId)
      ? {
          kind: 'user' as const,
          userId,
          sessionId: 's1',
          roles: [{ role: 'guest', parkId: null }],
          actor: `user:${userId}`,
        }
      : null,
};

const HEAD = statement('test.head', 'select position from store.head');
const REPLAY = statement('test.replay', 'select users.project_users($1, $2)');

const STORE = {
  name: 'store',
  directory: new URL('../../infrastructure/event-store/migrations/', import.meta.url),
};

/** One program on the database of a test, with state of its own. */
export type UserProgram = {
  readonly module: UserModule;
  readonly store: PostgresEventStore;
  readonly vault: Vault;
};

export type UserTestNode = {
  readonly clock: ManualClock;
  /** The database as its owner sees it. */
  readonly owner: Database;
  /** The program that runs from the beginning. */
  readonly first: UserProgram;
  /** Starts another program on the same database, as a second process would be. */
  start(): Promise<UserProgram>;
  /** Every row of the read models, table by table, in one fixed order. */
  rows(): Promise<readonly unknown[]>;
  close(): Promise<void>;
};

/** A database with the log and this module in it. */
export async function openUserTestNode(): Promise<UserTestNode> {
  const { url, drop } = await createTestDatabase({ from: 'empty' });
  await migrate(url, [STORE, { name: 'user', directory: userManifest.migrations }], { log: () => undefined });
  const connect = (role?: string): Database =>
    connectDatabase({ url, role, poolSize: 4, applicationName: 'user-test', onError: () => undefined });
  const owner = connect();
  await registerProjections(owner, userManifest.projections);
  const clock = createManualClock(NOON_MS);
  const masterKey = Buffer.alloc(32, 7);
  const closing: (() => Promise<void>)[] = [];

  async function start(): Promise<UserProgram> {
    const [database, writer] = [connect('skypark_app'), connect('skypark_app')];
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const store = await openPostgresEventStore({ writer, reader: database, nodeId: 'hq', clock, sleep });
    const vault = createVault({ keys: createSubjectKeyTable(database), masterKey });
    const codec = createEventCodec(userManifest.events, vault);
    const runner = createCommandRunner({ store, codec, ids: systemIds, clock });
    const consents = [{ document: 'privacy', version: '2026-11' }];
    const parts = { runner, store, vault, database, ids: systemIds, clock, zone: createZone(), consents };
    closing.push(async () => {
      await store.close();
      await Promise.all([database.close(), writer.close()]);
    });
    return { module: createUserModule(parts), store, vault };
  }

  async function rows(): Promise<readonly unknown[]> {
    const tables = userManifest.projections.flatMap((projection) => projection.tables);
    const read = (table: string) =>
      owner.rows(
        statement(`test.rows-of-${table}`, `select row_to_json(t)::text as row from users.${table} t order by 1`),
      );
    return Promise.all(tables.map(read));
  }

  return {
    clock,
    owner,
    first: await start(),
    start,
    rows,
    async close() {
      for (const end of closing) await end();
      await owner.close();
      await drop();
    },
  };
}

/** Hears parts of the log again and rebuilds in small ranges; the rows must stay the same. */
export async function expectRebuildEqual({ owner, rows }: UserTestNode): Promise<void> {
  const before = await rows();
  const head = (await owner.rows<{ position: number }>(HEAD))[0]?.position ?? 0;
  const middle = Math.floor(head / 2);
  for (const range of [
    [1, head],
    [1, middle],
    [head, head],
    [middle, head],
  ]) {
    await owner.rows(REPLAY, range);
    expect(await rows()).toEqual(before);
  }
  for (const projection of userManifest.projections) await rebuildProjection(owner, projection, { batch: 7 });
  expect(await rows()).toEqual(before);
}
