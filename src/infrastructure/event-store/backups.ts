import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';

/** How fresh what would be restored from is. Times of the database's clock. */
export type BackupState = {
  /** By kind; what never succeeded is not there. */
  readonly madeAtMs: Readonly<Record<string, number>>;
  /** Since when no piece of PostgreSQL's log was archived; null where it is not to be. */
  readonly archivedAtMs: number | null;
};

const STATE = statement(
  'store.backup-state',
  `select (select coalesce(json_object_agg(kind, floor(extract(epoch from made_at) * 1000)), '{}') from store.backup) as "madeAtMs",
     (select coalesce(last_archived_time, stats_reset) from pg_stat_archiver where current_setting('archive_mode') <> 'off')
       as "archivedAtMs"`,
);

export async function readBackupState(database: Pick<Database, 'rows'>): Promise<BackupState> {
  const [state] = await database.rows<BackupState>(STATE);
  return state ?? { madeAtMs: {}, archivedAtMs: null };
}
