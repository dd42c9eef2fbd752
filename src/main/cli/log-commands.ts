import { setTimeout as sleep } from 'node:timers/promises';
import { RELAY } from '../../infrastructure/event-store/event-relay.ts';
import { staleProjections } from '../../infrastructure/event-store/refresh-projections.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { Command } from './command.ts';
import { needCurrentSchema } from './office.ts';
import { rebuildProjections } from './rebuild.ts';

/** How often the log is asked for more. */
const FOLLOW_MS = 500;

const EVENT = `position, event_type as type, event_version as version, aggregate_type as kind, aggregate_id as aggregate,
  to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, actor, event_data as data`;
const OF_AGGREGATE = statement(
  'cli.events-of-aggregate',
  `select ${EVENT} from store.event where aggregate_id = $1 order by event_version`,
);
const BEHIND = statement(
  'cli.events-behind',
  `select ${EVENT} from store.event where position > $1 order by position limit 500`,
);
const HEAD = statement('cli.head', 'select position from store.head');
const PROJECTIONS = statement(
  'cli.projections',
  'select name, cardinality(event_types) as types, table_names as tables from store.projection order by name',
);
export const SUBSCRIPTIONS = statement(
  'cli.subscriptions',
  `select s.name, h.position - s.position as behind, s.owner from store.subscription s cross join store.head h order by s.name`,
);

type EventRow = {
  readonly position: number;
  readonly type: string;
  readonly version: number;
  readonly kind: string;
  readonly aggregate: string;
  readonly at: string;
  readonly actor: string;
  readonly data: unknown;
};
export type SubscriptionRow = { readonly name: string; readonly behind: number; readonly owner: string | null };

/** Personal data stay sealed: the log is read without any key. */
const lineOf = ({ position, at, kind, aggregate, version, type, actor, data }: EventRow): string =>
  `${position}  ${at}  ${kind} ${aggregate} v${version}  ${type}  by ${actor}  ${JSON.stringify(data)}`;

async function follow(database: Database, say: (line: string) => void, everyMs: number): Promise<never> {
  let [{ position } = { position: 0 }] = await database.rows<{ position: number }>(HEAD);
  for (;;) {
    for (const event of await database.rows<EventRow>(BEHIND, [position])) {
      say(lineOf(event));
      position = event.position;
    }
    await sleep(everyMs);
  }
}

export const logCommands: readonly Command[] = [
  {
    words: 'projections status',
    meaning:
      'every read model, and whether its rows were made by the functions there are now; how far the readers of the log are',
    run: (_call, { say, withDatabase }) =>
      withDatabase(async (database) => {
        const stale = await staleProjections(database);
        type Row = { readonly name: string; readonly types: number; readonly tables: readonly string[] };
        for (const { name, types, tables } of await database.rows<Row>(PROJECTIONS)) {
          const state = stale.includes(name) ? 'OLD ' : 'ok  ';
          say(`${state}  ${name}  ${types} types of events  ${tables.join(', ')}`);
        }
        for (const { name, behind, owner } of await database.rows<SubscriptionRow>(SUBSCRIPTIONS)) {
          say(`reader ${name}  ${behind} events behind  ${owner === null ? 'nobody reads' : `read by ${owner}`}`);
        }
        say(stale.length === 0 ? 'All read models are up to date.' : `Old: ${stale.join(', ')}. Mend: npm run migrate`);
        return stale.length === 0 ? 0 : 1;
      }),
  },
  {
    words: 'projections rebuild',
    operands: [{ name: 'NAME', isOptional: true }],
    meaning: 'fills a read model anew from the log beside the live one and swaps them; all without NAME',
    run: ({ operands: [name = null] }, { config, say, withServer }) =>
      withServer(async ({ url }) => {
        await needCurrentSchema(url, config);
        return (await rebuildProjections(url, { name, ssl: config.databaseSsl, say })) ? 0 : 1;
      }),
  },
  {
    words: 'outbox status',
    meaning: 'how far the relay to the broker is behind the log, which is its outbox',
    run: (_call, { say, withDatabase }) =>
      withDatabase(async (database) => {
        const readers = await database.rows<SubscriptionRow>(SUBSCRIPTIONS);
        const relay = readers.find(({ name }) => name === RELAY);
        say(
          relay === undefined
            ? 'No relay ever ran: RABBITMQ_URL names a broker to publish to.'
            : `${relay.behind} events wait to be published; ${relay.owner === null ? 'nobody publishes' : `${relay.owner} publishes`}`,
        );
        return 0;
      }),
  },
  {
    words: 'events show',
    operands: [{ name: 'AGGREGATE', pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i }],
    meaning: 'the events of one aggregate, a line each; what is personal stays sealed',
    run: ({ operands: [aggregate = ''] }, { say, withDatabase }) =>
      withDatabase(async (database) => {
        const events = await database.rows<EventRow>(OF_AGGREGATE, [aggregate]);
        for (const event of events) say(lineOf(event));
        say(events.length === 0 ? 'The log has no such aggregate.' : `${events.length} events`);
        return events.length === 0 ? 1 : 0;
      }),
  },
  {
    words: 'events follow',
    meaning: 'new events of the log as they come, until it is stopped',
    run: (_call, { say, withDatabase }) => withDatabase((database) => follow(database, say, FOLLOW_MS)),
  },
];
