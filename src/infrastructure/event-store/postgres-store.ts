import { randomUUID } from 'node:crypto';
import { assert } from '../../kernel/assert.ts';
import type { EventStore, PositionSpan } from '../../kernel/event-store.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { createGroupAppender, type GroupAppenderOptions } from './group-appender.ts';
import { createHeadReader, createLoader, createTypeReader } from './shared-reads.ts';
import { EVENT_TUPLE, parseEvents } from './stored-tuples.ts';

const APPEND = statement(
  'store.append',
  'select store.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)::text as answer',
);

/** The greatest that the column holds. */
const LAST_VERSION = 2_147_483_647;

const READ = statement(
  'store.read',
  `select coalesce(json_agg(${EVENT_TUPLE} order by position), '[]')::text as events
   from (select * from store.event where position > $1 order by position limit $2) e`,
);

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
  const headPosition = createHeadReader(reader);
  const readTypes = createTypeReader(reader);
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
        : readTypes(afterPosition, limit, types);
    },
    headPosition,
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
