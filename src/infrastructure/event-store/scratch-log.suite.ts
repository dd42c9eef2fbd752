import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { connectDatabase, type Database } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { NODE } from './appends.suite.ts';
import type { GroupAppenderOptions } from './group-appender.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import type { ReplicationLog } from '../../kernel/replication.ts';
import { createPostgresReplicationLog } from './postgres-replication.ts';
import { openPostgresEventStore, type PostgresEventStore } from './postgres-store.ts';

/** The log of a test node in a database of its own, without any module. */
export type ScratchLog = {
  readonly url: string;
  /** As the superuser, who owns the tables. */
  readonly owner: Database;
  /** A pool as the program has it. */
  connect(name: string, poolSize?: number): Database;
  /** Another process's worth of a store: connections and queue of its own. */
  openStore(limits?: OpenLimits, role?: NodeRole): Promise<ScratchStore>;
  /** The log as other nodes see it; a store must have been opened. */
  replication(feedWork?: { readonly window: number; readonly windows: number }): ReplicationLog;
  close(): Promise<void>;
};

export type OpenLimits = Partial<Pick<GroupAppenderOptions, 'maxEvents' | 'maxQueued' | 'patienceMs' | 'onFlush'>>;
export type ScratchStore = PostgresEventStore & {
  /** Name of the writer's connection in pg_stat_activity. */
  readonly writerName: string;
};

const migrations = { name: 'store', directory: new URL('./migrations/', import.meta.url) };

export async function migrateLog(url: string): Promise<void> {
  await migrate(url, [migrations], { log: () => undefined });
}

/** @param sql more tables and functions, run by the owner after the log's own. */
export async function openScratchLog(sql = ''): Promise<ScratchLog> {
  const { url, drop } = await createTestDatabase({ from: 'empty', prepare: migrateLog });
  const opened: Database[] = [];
  const stores: PostgresEventStore[] = [];
  const open = (name: string, poolSize: number, role?: string): Database => {
    const database = connectDatabase({ url, applicationName: name, poolSize, role, onError: () => undefined });
    opened.push(database);
    return database;
  };
  const owner = open('test-owner', 4);
  if (sql !== '') await owner.run(sql);
  return {
    url,
    owner,
    connect: (name, poolSize = 4) => open(name, poolSize, 'skypark_app'),
    async openStore(limits = {}, role = 'hq') {
      const writerName = `test-writer-${stores.length + 1}`;
      const store = await openPostgresEventStore({
        writer: open(writerName, 1, 'skypark_app'),
        reader: open('test-reader', 4, 'skypark_app'),
        nodeId: NODE,
        role,
        clock: systemClock,
        sleep,
        appender: limits,
      });
      stores.push(store);
      return { ...store, writerName };
    },
    replication: (feedWork) =>
      createPostgresReplicationLog(open('test-replication', 4, 'skypark_app'), systemClock, feedWork),
    async close() {
      for (const store of stores) await store.close();
      for (const database of opened) await database.close();
      await drop();
    },
  };
}
