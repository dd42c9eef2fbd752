import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import type { Connection } from './database.ts';
import { isSpent, sqlState, sqlStateOf } from './errors.ts';
import { MigrationFault, titleOf } from './migration-files.ts';
import type { Migration } from './migration-files.ts';
import { remember } from './migration-history.ts';
import { splitStatements } from './split-statements.ts';
import { statement } from './session.ts';

export type RunSettings = {
  readonly log: (line: string) => void;
  readonly lockTimeoutMs: number;
  readonly attempts: number;
};

const RETRY_PAUSE_MS = 250;
const TRANSACTION_ID = statement('migrate.transaction_id', 'select pg_current_xact_id()::text as id');

/** The line of the character at `position` (characters from 1, as the server counts), and its number from 1. */
function lineAt(sql: string, position: number): { readonly number: number; readonly text: string } {
  const before = Array.from(sql)
    .slice(0, position - 1)
    .join('');
  const number = before.split('\n').length;
  return { number, text: (sql.split('\n')[number - 1] ?? '').trim() };
}

/** The server's error with the file's name and, where the server says it, the line. `sql` is the whole file. */
function faultOf(migration: Migration, error: unknown, offset: number): unknown {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  if (isSpent(error) || !(cause instanceof DatabaseError)) return error;
  const position = Number(cause.position ?? Number.NaN);
  const skipped = Array.from(migration.sql.slice(0, offset)).length;
  const line = Number.isInteger(position) ? lineAt(migration.sql, skipped + position) : undefined;
  const place = line === undefined ? '' : ` line ${line.number}: ${line.text}:`;
  const where = cause.where === undefined ? '' : ` (${cause.where.replaceAll('\n', '; ')})`;
  return new MigrationFault(`${titleOf(migration)}:${place} ${cause.message} [${cause.code ?? 'no code'}]${where}`, {
    cause,
  });
}

async function runInTransaction(connection: Connection, migration: Migration, settings: RunSettings): Promise<number> {
  const startedMs = performance.now();
  return connection.transaction(async (session) => {
    await session.run(`set local lock_timeout = ${settings.lockTimeoutMs}`);
    const before = await session.rows<{ id: string }>(TRANSACTION_ID);
    await session.run(migration.sql).catch((error: unknown) => {
      throw faultOf(migration, error, 0);
    });
    const after = await session.rows<{ id: string }>(TRANSACTION_ID);
    if (before[0]?.id !== after[0]?.id) {
      throw new MigrationFault(`${titleOf(migration)}: ended its transaction by itself; part of it may be applied`);
    }
    await session.run('reset all');
    const durationMs = Math.round(performance.now() - startedMs);
    await remember(session, migration, durationMs);
    return durationMs;
  });
}

async function runApart(connection: Connection, migration: Migration, settings: RunSettings): Promise<number> {
  const startedMs = performance.now();
  try {
    await connection.run(`set lock_timeout = ${settings.lockTimeoutMs}`);
    for (const { text, offset } of splitStatements(migration.sql)) {
      await connection.run(text).catch((error: unknown) => {
        throw faultOf(migration, error, offset);
      });
    }
  } finally {
    await connection.run('reset all');
  }
  const durationMs = Math.round(performance.now() - startedMs);
  await remember(connection, migration, durationMs);
  return durationMs;
}

/**
 * Runs one migration and remembers it, in one transaction unless the file says otherwise. Whoever waits for a lock makes
 * everybody behind it wait too, so it gives up soon and tries again.
 * @returns how long the successful attempt took, in whole ms.
 */
export async function runMigration(
  connection: Connection,
  migration: Migration,
  settings: RunSettings,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await (migration.inTransaction ? runInTransaction : runApart)(connection, migration, settings);
    } catch (error) {
      // What is not named yet arose at COMMIT, as from a deferred constraint.
      const fault = error instanceof MigrationFault ? error : faultOf(migration, error, 0);
      const lockTimedOut = fault instanceof MigrationFault && sqlStateOf(fault.cause) === sqlState.lockNotAvailable;
      if (!lockTimedOut || attempt >= settings.attempts) throw fault;
      settings.log(`${titleOf(migration)} got no lock in ${settings.lockTimeoutMs} ms, attempt ${attempt + 1} follows`);
      await pause(RETRY_PAUSE_MS * attempt);
    }
  }
}
