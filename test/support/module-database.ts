import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgresEventStore } from '../../src/infrastructure/event-store/postgres-store.ts';
import { rebuildProjection, registerProjections } from '../../src/infrastructure/event-store/projections.ts';
import { createMemorySubjectKeys } from '../../src/infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../src/infrastructure/event-store/vault.ts';
import { systemIds } from '../../src/infrastructure/ids.ts';
import { noCache } from '../../src/infrastructure/read-cache/no-cache.ts';
import type { Manifest } from '../../src/infrastructure/module.ts';
import { connectDatabase, type Database } from '../../src/infrastructure/postgres/database.ts';
import { migrate } from '../../src/infrastructure/postgres/migrate.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import { createCommandRunner, type CommandRunner } from '../../src/kernel/command-runner.ts';
import { createEventCodec } from '../../src/kernel/event-codec.ts';
import type { EventStore } from '../../src/kernel/event-store.ts';
import type { ReadCache } from '../../src/kernel/read-cache.ts';
import type { Clock } from '../../src/kernel/time.ts';
import type { Vault } from '../../src/kernel/vault.ts';
import { createTestDatabase } from './database.ts';

/** What a process of the program has: its own connections and its own memory. */
export type TestNode = {
  readonly database: Database;
  readonly store: EventStore;
  readonly vault: Vault;
  readonly runner: CommandRunner;
  /** Keeps nothing. */
  readonly cache: ReadCache;
};

export type ModuleDatabase = {
  /** One more process on the same log. */
  startNode(): Promise<TestNode>;
  /** Every row of the module's read models, table by table, in one fixed order. */
  rows(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Applies positions to the live tables again, as if the log had told them twice. */
  replay(fromPosition: number, toPosition: number): Promise<void>;
  rebuild(batch: number): Promise<void>;
  /** Runs SQL with the rights of the tables' owner. */
  asOwner(sql: string): Promise<void>;
  close(): Promise<void>;
};

const STORE_MIGRATIONS = new URL('../../src/infrastructure/event-store/migrations/', import.meta.url);

/** A database with the schema of the store and of one module. */
export async function openModuleDatabase(manifest: Manifest, clock: Clock): Promise<ModuleDatabase> {
  const { url, drop } = await createTestDatabase({ from: 'empty' });
  const sources = [
    { name: 'event-store', directory: STORE_MIGRATIONS },
    { name: manifest.name, directory: manifest.migrations },
  ];
  await migrate(url, sources, { log: () => undefined });
  const connect = (poolSize: number, role?: string): Database =>
    connectDatabase({ url, poolSize, role, applicationName: 'skypark-test', onError: () => undefined });
  const owner = connect(2);
  await registerProjections(owner, manifest.projections);
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const open: { close(): Promise<void> }[] = [owner];
  const tables = manifest.projections.flatMap(({ schema, tables: names }) => names.map((name) => `${schema}.${name}`));

  return {
    async startNode() {
      const [database, writer] = [connect(4, 'skypark_app'), connect(1, 'skypark_app')];
      const store = await openPostgresEventStore({ writer, reader: database, nodeId: 'test', clock, sleep });
      open.unshift(store, database, writer);
      const codec = createEventCodec(manifest.events, vault);
      const runner = createCommandRunner({ store, codec, ids: systemIds, clock });
      return { database, store, vault, runner, cache: noCache };
    },
    async rows() {
      const found = tables.map(async (table) => {
        const query = statement(`test.${table}`, `select row_to_json(t)::text as row from ${table} t order by 1`);
        return [table, (await owner.rows<{ row: string }>(query)).map(({ row }) => row)] as const;
      });
      return Object.fromEntries(await Promise.all(found));
    },
    async replay(fromPosition, toPosition) {
      for (const { schema, functionName } of manifest.projections) {
        await owner.transaction(async (session) => {
          await session.run(`set local search_path = ${schema}, store, pg_temp`);
          await session.run(`select ${functionName}(${fromPosition}, ${toPosition})`);
        });
      }
    },
    async rebuild(batch) {
      for (const projection of manifest.projections) await rebuildProjection(owner, projection, { batch });
    },
    asOwner: (sql) => owner.run(sql),
    async close() {
      for (const one of open) await one.close();
      await drop();
    },
  };
}
