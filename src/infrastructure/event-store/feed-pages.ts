import type { AuthoredEvent, FeedPage, FeedRequest } from '../../kernel/replication.ts';
import { assert } from '../../kernel/assert.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { AUTHORED_TUPLE, toAuthored, type AuthoredTuple } from './authored-tuple.ts';

/** A window of positions at a time: bounded work, whatever the types are. */
const FEED = statement(
  'store.feed',
  `select h.position as head, (
     select coalesce(json_agg(json_build_array(position, ${AUTHORED_TUPLE}) order by position), '[]')::text
     from (
       select * from store.event e
       where e.position > $1 and e.position <= $2 and e.node_id = h.node_id
         and (e.event_type = any($3) or (e.park_id = $4 and e.event_type = any($5)))
       order by e.position limit $6
     ) e
   ) as events
   from store.head h`,
);

/** Positions in a window, and after how many windows a page ends, however little was found: the next one goes on from there. */
export type FeedWork = { readonly window: number; readonly windows: number };
export const FEED_WORK: FeedWork = { window: 20_000, windows: 10 };

type Found = Omit<FeedPage, 'place'> & { readonly position: number };

/** Reads a page of what this node wrote for a park, and up to which position it goes. */
export async function readFeed(
  database: Database,
  { parkId, everyParkTypes, itsParkTypes, afterPosition, limit }: FeedRequest,
  { window, windows }: FeedWork,
): Promise<Found> {
  const events: AuthoredEvent[] = [];
  const lastWindow = afterPosition + (windows - 1) * window;
  for (let from = afterPosition; ; from += window) {
    const wanted = [everyParkTypes, parkId, itsParkTypes, limit - events.length];
    type Row = { readonly head: number; readonly events: string };
    const [row] = await database.rows<Row>(FEED, [from, from + window, ...wanted]);
    assert(row, 'the log was never opened');
    const found = JSON.parse(row.events) as readonly (readonly [position: number, tuple: AuthoredTuple])[];
    events.push(...found.map(([, tuple]) => toAuthored(tuple)));
    const isFull = events.length >= limit;
    const isLast = from + window >= row.head;
    if (!isFull && !isLast && from < lastWindow) continue;
    const whole = isLast ? Math.max(row.head, afterPosition) : from + window;
    const position = isFull ? (found.at(-1)?.[0] ?? from) : whole;
    return { events, position, isEnd: position >= row.head };
  }
}
