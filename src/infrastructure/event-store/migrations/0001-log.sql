-- The log of one node: events, and what the store guards besides their order. Nothing in here knows a domain rule.

create schema store;
grant usage on schema store to skypark_app;

-- One row: the lock every append takes, and where the next event goes.
create table store.head (
  only_row boolean primary key default true check (only_row),
  node_id text not null check (node_id <> ''),
  incarnation uuid not null,
  position bigint not null default 0,
  seq bigint not null default 0,
  hlc bigint not null default 0,
  link bytea not null
) with (fillfactor = 10);

create table store.event (
  position bigint primary key,
  id uuid not null unique,
  aggregate_id uuid not null,
  aggregate_type varchar(50) not null,
  event_type varchar(50) not null,
  event_data jsonb not null,
  event_version integer not null,
  created_at timestamptz not null,
  occurred_at timestamptz not null,
  park_id varchar(50),
  node_id text not null,
  incarnation uuid not null,
  seq bigint not null,
  hlc bigint not null,
  payload_hash bytea not null,
  link bytea not null,
  correlation_id text not null,
  causation_id text,
  command_id uuid,
  append_size smallint not null,
  actor text not null,
  schema_version smallint not null,
  unique (aggregate_id, event_version)
);
comment on column store.event.position is 'Dense over all this node has stored; the cursor of local readers.';
comment on column store.event.seq is 'Dense over what the author''s incarnation wrote; with it the identity of the event between nodes.';
comment on column store.event.hlc is 'Hybrid logical clock: milliseconds since 1970 shifted left by 16 bits, plus a counter.';
comment on column store.event.link is 'SHA-256 over the previous link, the envelope and payload_hash; see store.link.';
comment on column store.event.command_id is 'Set on the first event of an append that came with a command id.';
comment on column store.event.append_size is 'How many events this one was stored together with, itself included.';

create unique index on store.event (command_id) where command_id is not null;
create index on store.event using brin (created_at);

-- Names at most one owner may hold.
create table store.claim (
  scope text not null,
  key text not null,
  owner uuid not null,
  primary key (scope, key)
);

-- Amounts that never go below zero; each is a fold of the transfers its events stand for.
create table store.counter (
  account text primary key,
  balance bigint not null check (balance >= 0)
) with (fillfactor = 50);

-- Flushes that were repeated because their answer was lost: they must not be stored late. Kept for a day.
create table store.voided_flush (
  writer uuid primary key,
  number bigint not null,
  voided_at timestamptz not null default now()
);

-- Read models that are kept inside the append.
create table store.projection (
  name text primary key,
  schema_name text not null,
  function_name text not null,
  event_types text[] not null,
  table_names text[] not null
);

create function store.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only: % on % refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger append_only before update or delete or truncate on store.event
  for each statement execute function store.refuse_change();

create function store.refuse_insert() returns trigger language plpgsql as $$
begin
  raise exception 'events are stored by store.append only' using errcode = 'insufficient_privilege';
end $$;

create trigger through_append before insert on store.event
  for each statement when (current_setting('skypark.appending', true) is distinct from 'yes')
  execute function store.refuse_insert();

-- Names the node at its first start; a database that belongs to another node is refused.
create function store.open_node(named text) returns store.head
language plpgsql security definer set search_path = store, pg_temp as $$
declare
  found_head store.head;
begin
  insert into store.head (node_id, incarnation, link)
  values (named, gen_random_uuid(), sha256(convert_to('skypark/log/1', 'UTF8')))
  on conflict do nothing;
  select * into strict found_head from store.head;
  if found_head.node_id <> named then
    raise exception 'this database belongs to node %, not %', found_head.node_id, named;
  end if;
  return found_head;
end $$;

-- The next link of the hash chain. The payload hash covers everything that is not in this envelope.
create function store.link(
  previous bytea, incarnation uuid, seq bigint, aggregate_id uuid, event_version integer, hlc bigint,
  occurred_at_ms bigint, payload_hash bytea
) returns bytea language sql immutable parallel safe as $$
  select sha256(
    '\x736b797061726b2f6c696e6b2f31'::bytea || previous || uuid_send(incarnation) || int8send(seq)
    || uuid_send(aggregate_id) || int4send(event_version) || int8send(hlc) || int8send(occurred_at_ms) || payload_hash
  )
$$;

create function store.to_ms(instant timestamptz) returns bigint language sql immutable parallel safe as $$
  select (extract(epoch from instant) * 1000)::bigint
$$;

create function store.from_ms(ms bigint) returns timestamptz language sql immutable parallel safe as $$
  select timestamptz 'epoch' + ms * interval '1 millisecond'
$$;

create view store.events as
select id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, park_id,
  false as synced,
  position, node_id, incarnation, seq as origin_position, hlc, payload_hash, link as hash, occurred_at, correlation_id,
  causation_id, command_id, actor, schema_version
from store.event;
comment on view store.events is 'The log under the names of the commission. synced: whether headquarters has acknowledged the event; nobody has until nodes are joined.';

grant select on store.event, store.events, store.head, store.claim, store.counter, store.projection to skypark_app;
