import { Client } from 'pg';
import type { Projection } from '../../src/infrastructure/module.ts';
import { product } from '../harness/product.ts';
import { exampleData } from './example-event.ts';

export const EVENT_TYPE = 'BenchHappened';

/** The bare table: the events of a plain design, with its keys and nothing around it. */
const BARE_TABLE = `
  create schema bare;
  create table bare.events (
    id uuid primary key default gen_random_uuid(),
    aggregate_id uuid not null,
    aggregate_type varchar(50) not null,
    event_type varchar(50) not null,
    event_data jsonb not null,
    event_version integer not null,
    created_at timestamptz default current_timestamp,
    park_id varchar(50),
    synced boolean default false,
    unique (aggregate_id, event_version)
  );
  grant usage on schema bare to skypark_app;
  grant insert on bare.events to skypark_app`;

/** A read model of the simplest kind: one row a stream, kept inside the append. */
const PROJECTION = `
  create schema bench;
  create table bench.streams (id uuid primary key, version integer not null, place_count integer not null);
  create function bench.project_streams(from_position bigint, to_position bigint) returns void language plpgsql as $$
  begin
    insert into streams (id, version, place_count)
    select distinct on (e.aggregate_id) e.aggregate_id, e.event_version, (e.event_data ->> 'places')::integer
    from store.event e
    where e.position between from_position and to_position and e.event_type = '${EVENT_TYPE}'
    order by e.aggregate_id, e.position desc
    on conflict (id) do update set version = excluded.version, place_count = excluded.place_count;
  end $$`;

export const BENCH_PROJECTION: Projection = {
  name: 'bench.streams',
  schema: 'bench',
  tables: ['streams'],
  eventTypes: [EVENT_TYPE],
  functionName: 'bench.project_streams',
};

/** Where the write-ahead log is, in bytes. */
export async function walPosition(client: Client): Promise<number> {
  const { rows } = await client.query<{ at: string }>(`select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as at`);
  return Number(rows[0]?.at);
}

/** The insert of both bare sides, as pgbench and as the driver name their parameters. */
export const BARE_INSERT = `insert into bare.events (aggregate_id, aggregate_type, event_type, event_data, event_version, park_id)
  values (gen_random_uuid(), 'Ticket', 'TicketHeld', '${JSON.stringify(exampleData)}', 1, 'ala-archa')`;

/** Gives a database the store, one inline projection and the bare table. */
export async function prepareDatabase(url: string): Promise<void> {
  const [{ migrate }, { registerProjections }, { connectDatabase }] = await Promise.all([
    product.migrate(),
    product.projections(),
    product.database(),
  ]);
  const directory = new URL('../../src/infrastructure/event-store/migrations/', import.meta.url);
  await migrate(url, [{ name: 'event-store', directory }], { log: () => undefined });
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(BARE_TABLE);
    await client.query(PROJECTION);
  } finally {
    await client.end();
  }
  const database = connectDatabase({ url, poolSize: 1, applicationName: 'skypark-bench', onError: console.error });
  try {
    await registerProjections(database, [BENCH_PROJECTION]);
  } finally {
    await database.close();
  }
}
