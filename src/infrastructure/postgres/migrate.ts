import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { APP_ROLE, canSetRole, ensureRole } from './app-role.ts';
import type { SslMode } from './connection-settings.ts';
import { openConnection } from './database.ts';
import type { Connection } from './database.ts';
import { MigrationFault, readMigrations, titleOf } from './migration-files.ts';
import type { Migration, MigrationSource } from './migration-files.ts';
import { applied, checkHistory, createHistory } from './migration-history.ts';
import { runMigration } from './run-migration.ts';
import { statement } from './session.ts';

export type MigrateSettings = {
  /** Told in one line of each migration applied and of what needs an eye. */
  readonly log: (line: string) => void;
  /** Changes nothing and only tells what is `pending`. */
  readonly onlyCheck?: boolean;
  /**
   * Lets a program start on a schema with migrations it does not know, as in a rolling update or its undoing, unless one
   * of them is marked breaking. Default false.
   */
  readonly allowNewer?: boolean;
  /** Longest wait for a lock on a table, each time. Default 5 000. */
  readonly lockTimeoutMs?: number;
  /** How often a migration is tried when it did not get its locks. Default 5. */
  readonly attempts?: number;
  /** Longest wait for another process that migrates. Default 600 000. */
  readonly waitMs?: number;
  readonly ssl?: SslMode | undefined;
};

export type MigrateReport = {
  /** `source/file` of what this call applied, in order. */
  readonly applied: readonly string[];
  /** `source/file` of what is still to be applied; empty unless `onlyCheck`. */
  readonly pending: readonly string[];
  /** Whether the login role can take on the role `skypark_app`. */
  readonly canSetRole: boolean;
};

/** The key of the advisory lock, per database: "SKYP" in ASCII. */
const LOCK_KEY = 0x53_4b_59_50;
const LOCK_POLL_MS = 100;

const TRY_LOCK = statement('migrate.try_lock', 'select pg_try_advisory_lock($1) as locked');

/**
 * Waits until this connection alone migrates. It asks again and again instead of waiting inside the server: a waiting
 * statement keeps a snapshot, and CREATE INDEX CONCURRENTLY waits for all older snapshots, so both would wait for ever.
 */
async function lock(connection: Connection, settings: MigrateSettings): Promise<void> {
  const waitMs = settings.waitMs ?? 600_000;
  const startedMs = performance.now();
  for (let told = false; ; told = true) {
    const [answer] = await connection.rows<{ locked: boolean }>(TRY_LOCK, [LOCK_KEY]);
    if (answer?.locked === true) return;
    if (!told) settings.log('another process migrates this database, waiting for it');
    if (performance.now() - startedMs > waitMs) {
      throw new MigrationFault(`another process still migrates this database after ${waitMs} ms`);
    }
    await pause(LOCK_POLL_MS);
  }
}

async function pendingOf(
  connection: Connection,
  migrations: readonly Migration[],
  settings: MigrateSettings,
): Promise<readonly Migration[]> {
  const history = await applied(connection);
  const newer = checkHistory(migrations, history, settings.allowNewer ?? false);
  if (newer.length > 0) settings.log(`the schema is newer than this program: ${newer.join(', ')}`);
  const done = new Set(history.map(titleOf));
  return migrations.filter((migration) => !done.has(titleOf(migration)));
}

async function applyAll(
  connection: Connection,
  migrations: readonly Migration[],
  settings: MigrateSettings,
): Promise<MigrateReport> {
  await lock(connection, settings);
  const roleReady = await ensureRole(connection, APP_ROLE);
  if (!roleReady) settings.log(`the role ${APP_ROLE} cannot be taken on: no right to create or grant it`);
  await createHistory(connection);
  const done: string[] = [];
  for (const migration of await pendingOf(connection, migrations, settings)) {
    const durationMs = await runMigration(connection, migration, {
      log: settings.log,
      lockTimeoutMs: settings.lockTimeoutMs ?? 5_000,
      attempts: settings.attempts ?? 5,
    });
    settings.log(`migrated ${titleOf(migration)} in ${durationMs} ms`);
    done.push(titleOf(migration));
  }
  return { applied: done, pending: [], canSetRole: roleReady };
}

/**
 * Brings a database to the schema of this program. Any number of processes may call it at once: one works, the others wait
 * and then find nothing to do. `url` must lead to the server itself and not to a pooler that shares connections.
 *
 * Throws `MigrationFault` when a file fails (nothing of it is left, if it runs in a transaction), when an applied file was
 * changed, when the schema is newer than this program; `StoreUnavailable` when the server is away.
 */
export async function migrate(
  url: string,
  sources: readonly MigrationSource[],
  settings: MigrateSettings,
): Promise<MigrateReport> {
  const migrations = await readMigrations(sources);
  const connection = await openConnection({
    url,
    applicationName: 'skypark-migrate',
    ssl: settings.ssl,
    statementTimeoutMs: 0,
  });
  try {
    if (settings.onlyCheck !== true) return await applyAll(connection, migrations, settings);
    const pending = await pendingOf(connection, migrations, settings);
    return { applied: [], pending: pending.map(titleOf), canSetRole: await canSetRole(connection, APP_ROLE) };
  } finally {
    await connection.close();
  }
}
