import { MigrationFault, titleOf } from './migration-files.ts';
import type { Migration } from './migration-files.ts';
import { statement } from './session.ts';
import type { Session } from './session.ts';

/** A migration the database remembers. */
export type AppliedMigration = Pick<Migration, 'source' | 'number' | 'name' | 'sha256' | 'breaking'>;

const EXISTS = statement('migrate.has_history', `select to_regclass('public.schema_migration') is not null as found`);

const SELECT = statement(
  'migrate.history',
  'select source, number, name, sha256, breaking from public.schema_migration order by source, number',
);

const INSERT = statement(
  'migrate.remember',
  `insert into public.schema_migration (source, number, name, sha256, breaking, duration_ms)
   values ($1, $2, $3, $4, $5, $6)`,
);

/** Call under the lock: `if not exists` alone does not keep two sessions from colliding. */
export async function createHistory(session: Session): Promise<void> {
  if (await exists(session)) return;
  await session.run(`
    create table public.schema_migration (
      source text not null,
      number integer not null check (number > 0),
      name text not null,
      sha256 text not null,
      breaking boolean not null,
      applied_at timestamptz not null default clock_timestamp(),
      duration_ms bigint not null,
      primary key (source, number)
    );
    comment on table public.schema_migration is 'Which migrations this database has seen, and the SHA-256 of each file.'`);
}

async function exists(session: Session): Promise<boolean> {
  const [answer] = await session.rows<{ found: boolean }>(EXISTS);
  return answer?.found === true;
}

/** What was applied, by source and number; nothing when the database was never migrated. */
export async function applied(session: Session): Promise<readonly AppliedMigration[]> {
  return (await exists(session)) ? session.rows<AppliedMigration>(SELECT) : [];
}

export async function remember(session: Session, migration: Migration, durationMs: number): Promise<void> {
  const { source, number, name, sha256, breaking } = migration;
  await session.rows(INSERT, [source, number, name, sha256, breaking, durationMs]);
}

/**
 * Holds the files of this program against what the database remembers.
 * @returns titles of applied migrations that this program does not know.
 * @throws MigrationFault on a changed file, on an unknown one that is breaking, and on any unknown one unless `allowNewer`.
 */
export function checkHistory(
  migrations: readonly Migration[],
  history: readonly AppliedMigration[],
  allowNewer: boolean,
): readonly string[] {
  const unknown: AppliedMigration[] = [];
  for (const past of history) {
    const file = migrations.find(({ source, number }) => source === past.source && number === past.number);
    if (file === undefined) unknown.push(past);
    else if (file.name !== past.name) {
      throw new MigrationFault(`${titleOf(file)}: was applied under the name ${past.name}`);
    } else if (file.sha256 !== past.sha256) {
      throw new MigrationFault(`${titleOf(file)}: changed after it was applied; write a new migration instead`);
    }
  }
  const stopping = allowNewer ? unknown.filter(({ breaking }) => breaking) : unknown;
  if (stopping.length > 0) {
    const why = allowNewer ? 'and breaks older programs' : 'start a newer version of it';
    throw new MigrationFault(`the schema is newer than this program: ${stopping.map(titleOf).join(', ')}; ${why}`);
  }
  return unknown.map(titleOf);
}
