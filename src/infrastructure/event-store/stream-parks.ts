import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';

/** The parks that the first events of streams name, of those streams that are known here; null: it names none. */
export type ParksOfStreams = (streamIds: readonly string[]) => Promise<ReadonlyMap<string, string | null>>;

const PARKS = statement(
  'store.parks-of-streams',
  `select asked.id, e.park_id as "parkId" from unnest($1::uuid[]) asked(id)
   cross join lateral (select park_id from store.event where aggregate_id = asked.id order by event_version limit 1) e`,
);

export const createParksOfStreams =
  (database: Pick<Database, 'rows'>): ParksOfStreams =>
  async (streamIds) => {
    if (streamIds.length === 0) return new Map();
    const rows = await database.rows<{ readonly id: string; readonly parkId: string | null }>(PARKS, [streamIds]);
    return new Map(rows.map(({ id, parkId }) => [id, parkId]));
  };
