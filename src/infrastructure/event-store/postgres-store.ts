import { randomUUID } from 'node:crypto';
import { assert } from '../../kernel/assert.ts';
import type { EventStore, JsonObject, PositionSpan, StoredEvent } from '../../kernel/event-store.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import type { Clock } from '../../kernel/time.ts';
import { createBatcher } from '../postgres/batcher.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { createGroupAppender, type GroupAppenderOptions } from './group-appender.ts';

const APPEND = statement(
  'store.append',
  'select store.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)::text as answer',
);

/** One JSON document a stream: decoding one document costs Node half of what decoding its rows would. */
const EVENT_TUPLE = `json_build_array(id, aggregate_id, aggregate_type, event_type, schema_version, event_data, event_version,
  position, park_id, actor, correlation_id, causation_id, coalesce(command_id, origin_command_id), store.to_ms(occurred_at), store.to_ms(created_at), node_id,
  incarnation)`;

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
const MOST_LOADS_WAITING = 10_000;

/** The greatest that the column holds. */
const LAST_VERSION = 2_147_483_647;

const READ = statement(
  'store.read',
  `select coalesce(json_agg(${EVENT_TUPLE} order by position), '[]')::text as events
   from (select * from store.event where position > $1 order by position limit $2) e`,
);

/** Looks at a window of positions: bounded work, and never a scan of the whole table, whatever the types are. */
const READ_TYPES = statement(
  'store.read-types',
  `select (select position from store.head) as head, (
     select coalesce(json_agg(${EVENT_TUPLE} order by position), '[]')::text
     from (
       select * from store.event where position > $1 and position <= $2 and event_type = any($4)
       order by position limit $3
     ) e
   ) as events`,
);

/** Positions in such a window. */
const WINDOW = 20_000;

const HEAD = statement('store.head', 'select position from store.head');

const BALANCES = statement(
  'store.balances',
  `select coalesce(c.balance, 0) as balance
   from unnest($1::text[]) with ordinality a(account, ord) left join store.counter c using (account) order by a.ord`,
);

const COMMAND = statement(
  'store.command',
  `select position as "firstPosition", position + append_size - 1 as "lastPosition" from store.event where command_id = $1`,
);

const OWNER = statement('store.owner', 'select owner from store.claim where scope = $1 and key = $2');

const OPEN = statement('store.open-node', 'select incarnation from store.open_node($1, $2)');

type EventTuple = readonly [
  string, string, string, string, number, JsonObject, number, number,
  string | null, string, string, string | null, string | null, number, number, string, string,
]; // prettier-ignore

const toEvent = (tuple: EventTuple): StoredEvent => ({
  id: tuple[0],
  streamId: tuple[1],
  aggregateType: tuple[2],
  type: tuple[3],
  schemaVersion: tuple[4],
  data: tuple[5],
  version: tuple[6],
  position: tuple[7],
  parkId: tuple[8],
  actor: tuple[9],
  correlationId: tuple[10],
  causationId: tuple[11],
  commandId: tuple[12],
  occurredAtMs: tuple[13],
  recordedAtMs: tuple[14],
  nodeId: tuple[15],
  incarnation: tuple[16],
});

type EventsRow = { readonly events: string };

const parseEvents = ([row]: readonly EventsRow[]): readonly StoredEvent[] =>
  (JSON.parse(row?.events ?? '[]') as EventTuple[]).map(toEvent);

type Wanted = { readonly streamId: string; readonly afterVersion: number; readonly lastVersion: number };

/** Loads the streams that are asked for while others are on their way together. */
const createLoader = (reader: Database) =>
  createBatcher<Wanted, EventsRow>({
    maxItems: LOADS_AT_ONCE,
    maxQueued: MOST_LOADS_WAITING,
    run: (wanted) =>
      reader.rows<EventsRow>(LOAD, [
        wanted.map(({ streamId }) => streamId),
        wanted.map(({ afterVersion }) => afterVersion),
        wanted.map(({ lastVersion }) => lastVersion),
      ]),
  });

async function readTypes(
  reader: Database,
  afterPosition: number,
  limit: number,
  types: readonly string[],
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let from = afterPosition; ; from += WINDOW) {
    const values = [from, from + WINDOW, limit - events.length, types];
    const rows = await reader.rows<{ head: number; events: string }>(READ_TYPES, values);
    events.push(...parseEvents(rows));
    if (events.length >= limit || from + WINDOW >= (rows[0]?.head ?? 0)) return events;
  }
}

export type PostgresEventStore = EventStore & {
  /** UUID of this log; another one after the node was set up anew. */
  readonly incarnation: string;
  /** Appends waiting or on their way. */
  pendingAppends(): number;
  /** Waits for the appends accepted so far; refuses new ones. */
  close(): Promise<void>;
};

type Options = {
  /** For appends: one connection of its own, so that a flush never waits for a reader. */
  readonly writer: Database;
  readonly reader: Database;
  readonly nodeId: string;
  /** Default `hq`. */
  readonly role?: NodeRole;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly appender?: Partial<Pick<GroupAppenderOptions, 'maxEvents' | 'maxQueued' | 'patienceMs' | 'onFlush'>>;
};

/**
 * The log in PostgreSQL. Opens the node's log first.
 * @throws when the database belongs to another node.
 */
export async function openPostgresEventStore(options: Options): Promise<PostgresEventStore> {
  const { writer, reader, nodeId, role = 'hq', clock, sleep, appender: limits } = options;
  const [opened] = await writer.rows<{ incarnation: string }>(OPEN, [nodeId, role]);
  assert(opened !== undefined, 'a log has a head');
  const appender = createGroupAppender({
    ...limits,
    writerId: randomUUID(),
    clock,
    sleep,
    async send(flush) {
      const [row] = await writer.rows<{ answer: string }>(APPEND, flush);
      assert(row, 'store.append answered no row');
      return row.answer.slice(1, -1).split(',').map(Number);
    },
  });
  const loader = createLoader(reader);
  return {
    nodeId,
    incarnation: opened.incarnation,
    append: (append) => appender.append(append),
    async load(streamId, afterVersion = 0, limit = LAST_VERSION) {
      // Versions have no holes.
      const lastVersion = Math.min(afterVersion + limit, LAST_VERSION);
      const events = parseEvents([await loader.submit({ streamId, afterVersion, lastVersion })]);
      return { version: events.at(-1)?.version ?? afterVersion, events };
    },
    async read(afterPosition, limit, types) {
      return types === undefined
        ? parseEvents(await reader.rows(READ, [afterPosition, limit]))
        : readTypes(reader, afterPosition, limit, types);
    },
    async headPosition() {
      const [row] = await reader.rows<{ position: number }>(HEAD, []);
      return row?.position ?? 0;
    },
    async balances(accounts) {
      const rows = await reader.rows<{ balance: number }>(BALANCES, [accounts]);
      return rows.map(({ balance }) => balance);
    },
    async ownerOf(scope, key) {
      const [row] = await reader.rows<{ owner: string }>(OWNER, [scope, key]);
      return row?.owner ?? null;
    },
    async findCommand(commandId) {
      const [row] = await reader.rows<PositionSpan>(COMMAND, [commandId]);
      return row ?? null;
    },
    pendingAppends: () => appender.pending(),
    close: () => appender.close(),
  };
}
