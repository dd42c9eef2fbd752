import type { StoredEvent } from '../../kernel/event-store.ts';
import { createBatcher } from '../postgres/batcher.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { EVENT_TUPLE, parseEvents, type EventsRow } from './stored-tuples.ts';

/** Streams that are wanted at the same time share a statement; each is an index scan of its own. */
const LOAD = statement(
  'store.load',
  `select s.events from unnest($1::uuid[], $2::integer[], $3::integer[]) with ordinality w(id, after_version, last_version, ord)
   cross join lateral (
     select coalesce(json_agg(${EVENT_TUPLE} order by event_version), '[]')::text as events from store.event
     where aggregate_id = w.id and event_version > w.after_version and event_version <= w.last_version
   ) s order by w.ord`,
);

/** Few enough that nobody waits long for the streams of others. */
const LOADS_AT_ONCE = 32;
const MOST_WAITING = 10_000;
/** A long stream, or much to look through, holds back at most what travels with it. */
const STATEMENTS_AT_ONCE = 3;

type Wanted = { readonly streamId: string; readonly afterVersion: number; readonly lastVersion: number };

/** Loads the streams that are asked for while others are on their way together. */
export const createLoader = (reader: Database) =>
  createBatcher<Wanted, EventsRow>({
    maxItems: LOADS_AT_ONCE,
    maxQueued: MOST_WAITING,
    runsAtOnce: STATEMENTS_AT_ONCE,
    run: (wanted) =>
      reader.rows<EventsRow>(LOAD, [
        wanted.map(({ streamId }) => streamId),
        wanted.map(({ afterVersion }) => afterVersion),
        wanted.map(({ lastVersion }) => lastVersion),
      ]),
  });

const HEAD = statement('store.head', 'select position from store.head');

/** Where the log is, asked once for all who want to know at the same time: whoever asked before the question was put. */
export function createHeadReader(reader: Database): () => Promise<number> {
  const heads = createBatcher<null, number>({
    maxItems: MOST_WAITING,
    maxQueued: MOST_WAITING,
    async run(asked) {
      const [row] = await reader.rows<{ position: number }>(HEAD, []);
      return asked.map(() => row?.position ?? 0);
    },
  });
  return () => heads.submit(null);
}

/** Positions that are looked at at a time: bounded work, and never a scan of the whole table, whatever the types are. */
const WINDOW = 20_000;

/** All flows of a process wake at the same event, and each wants other types of what came: one statement for all of them. */
const READ_TYPES = statement(
  'store.read-types',
  `select (select position from store.head) as head, s.events
   from unnest($1::bigint[], $2::integer[], $3::text[]) with ordinality w(after_position, most, types, ord)
   cross join lateral (select w.types::text[] as list offset 0) t
   cross join lateral (
     select coalesce(json_agg(${EVENT_TUPLE} order by position), '[]')::text as events
     from (
       select * from store.event e
       where e.position > w.after_position and e.position <= w.after_position + ${WINDOW} and e.event_type = any(t.list)
       order by e.position limit w.most
     ) e
   ) s order by w.ord`,
);

/** Readers that share a statement: as many as a process has flows. */
const READS_AT_ONCE = 32;

type Read = { readonly afterPosition: number; readonly limit: number; readonly types: readonly string[] };
type ReadRow = EventsRow & { readonly head: number };

/** Types as the text of an array. */
const listOf = (types: readonly string[]): string => `{${types.map((type) => JSON.stringify(type)).join(',')}}`;

/** Reads events of some types after a position, up to a limit. */
export function createTypeReader(reader: Database) {
  const reads = createBatcher<Read, ReadRow>({
    maxItems: READS_AT_ONCE,
    maxQueued: MOST_WAITING,
    runsAtOnce: STATEMENTS_AT_ONCE,
    run: (wanted) =>
      reader.rows<ReadRow>(READ_TYPES, [
        wanted.map(({ afterPosition }) => afterPosition),
        wanted.map(({ limit }) => limit),
        wanted.map(({ types }) => listOf(types)),
      ]),
  });
  return async (afterPosition: number, limit: number, types: readonly string[]): Promise<readonly StoredEvent[]> => {
    const events: StoredEvent[] = [];
    for (let from = afterPosition; ; from += WINDOW) {
      const row = await reads.submit({ afterPosition: from, limit: limit - events.length, types });
      events.push(...parseEvents([row]));
      if (events.length >= limit || from + WINDOW >= row.head) return events;
    }
  };
}
