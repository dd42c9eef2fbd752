import { Client } from 'pg';

const TABLES = `
  create table capacity (park_id text, visit_date date, capacity integer not null, sold integer not null default 0, primary key (park_id, visit_date));
  create table tickets (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null,
    park_id varchar(50) not null,
    ticket_type varchar(20) not null,
    visit_date date not null,
    qr_code varchar(255) not null unique,
    status varchar(20) default 'pending_payment',
    price decimal(10, 2) not null,
    children_data jsonb not null,
    created_at timestamptz default current_timestamp,
    used_at timestamptz
  );
  create table events (
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
  )`;

/** The tables of the naive side, with room for everybody on each date. */
export async function prepareNaive(
  url: string,
  parkId: string,
  dates: readonly string[],
  places: number,
): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(TABLES);
    await client.query('insert into capacity (park_id, visit_date, capacity) select $1, unnest($2::date[]), $3', [
      parkId,
      dates,
      places,
    ]);
  } finally {
    await client.end();
  }
}
