-- What other nodes wrote is stored beside what this one writes: at the next local positions, with its author's envelope.

-- What this node is for. At headquarters everything has reached headquarters.
alter table store.head add column role text not null default 'hq';

alter table store.event add column origin_version integer, add column origin_command_id uuid;
comment on column store.event.event_version is 'Dense over what of the stream is stored on this node.';
comment on column store.event.created_at is 'By the clock of the event''s author.';
comment on column store.event.origin_version is 'The version that its author gave it, where that is another; the link covers it.';
comment on column store.event.origin_command_id is 'The command id of a received event. In command_id it stands too when a former life of this node told it.';
comment on column store.event.command_id is 'Set on the first event of an append of this node that came with a command id.';

-- The log has to stand still for its new indexes: a migration runs before the program starts.
-- squawk-ignore require-concurrent-index-creation
create unique index event_author on store.event (incarnation, seq);
-- squawk-ignore require-concurrent-index-creation
create unique index event_origin_command on store.event (incarnation, origin_command_id) where origin_command_id is not null;

-- What is held of every incarnation. Of this node's current one the head says it; its row says how far it is acknowledged.
create table store.author (
  incarnation uuid primary key,
  node_id text not null check (node_id <> ''),
  seq bigint not null default 0,
  link bytea not null,
  whole_to bigint not null default 0,
  written_to bigint not null default 0,
  acknowledged bigint not null default 0,
  closed_seq bigint,
  closed_link bytea,
  reason text,
  opened_at timestamptz not null default now()
);
comment on column store.author.seq is 'The newest that is held; events before it may be missing.';
comment on column store.author.whole_to is 'Everything up to here is held, as one chain.';
comment on column store.author.written_to is 'Of a former life of this node: how far it was written here. What comes after was received.';
comment on column store.author.acknowledged is 'How far another node has what this one wrote.';
comment on column store.author.closed_seq is 'Nothing after it is taken any more.';
comment on column store.author.reason is 'Why this node began the incarnation.';

insert into store.author (incarnation, node_id, link)
select h.incarnation, h.node_id, sha256(convert_to('skypark/log/1', 'UTF8')) from store.head h;

-- Runs of events as their authors signed them; the events themselves are in the log.
create table store.segment (
  incarnation uuid not null,
  first_seq bigint not null,
  last_seq bigint not null,
  header jsonb not null,
  signature text not null,
  kept_at timestamptz not null default now(),
  primary key (incarnation, first_seq)
);

-- What was not stored, for a person to look at.
create table store.quarantined_segment (
  signature text primary key,
  incarnation uuid not null,
  first_seq bigint not null,
  segment json not null,
  why text not null,
  quarantined_at timestamptz not null default now()
);

-- How far this node and another one have read each other.
create table store.peer (
  node_id text primary key,
  feed_incarnation uuid,
  feed_position bigint,
  feed_link bytea,
  acked_incarnation uuid,
  acked_seq bigint,
  acked_link bytea,
  last_contact_ms bigint not null
);

grant select on store.author, store.peer to skypark_app;
grant select, insert on store.segment, store.quarantined_segment to skypark_app;

create function store.open_node(named text, its_role text) returns store.head
language plpgsql security definer set search_path = store, pg_temp as $$
declare
  opened store.head;
begin
  opened := store.open_node(named);
  insert into store.author (incarnation, node_id, link)
  values (opened.incarnation, named, sha256(convert_to('skypark/log/1', 'UTF8')))
  on conflict do nothing;
  if opened.role <> its_role then
    update store.head h set role = its_role returning h.* into opened;
  end if;
  return opened;
end $$;

-- Begins a new life of this log. What the old one wrote stays, as any other author's.
create function store.open_incarnation(why text) returns void
language plpgsql security definer set search_path = store, pg_temp as $$
declare
  old store.head;
  fresh uuid := gen_random_uuid();
  beginning bytea := sha256(convert_to('skypark/log/1', 'UTF8'));
begin
  select * into strict old from store.head for update;
  update store.author a set seq = old.seq, link = old.link, whole_to = old.seq, written_to = old.seq
    where a.incarnation = old.incarnation;
  insert into store.author (incarnation, node_id, link, reason) values (fresh, old.node_id, beginning, why);
  update store.head h set incarnation = fresh, seq = 0, link = beginning;
end $$;

create function store.close_author(its_incarnation uuid, its_node text, at_seq bigint, at_link bytea) returns void
language plpgsql security definer set search_path = store, pg_temp as $$
declare
  own uuid;
begin
  select h.incarnation into strict own from store.head h for update;
  if own = its_incarnation then
    raise exception 'the current incarnation of a log is not closed by itself';
  end if;
  insert into store.author as a (incarnation, node_id, link, closed_seq, closed_link)
  values (its_incarnation, its_node, sha256(convert_to('skypark/log/1', 'UTF8')), at_seq, at_link)
  on conflict (incarnation) do update set closed_seq = excluded.closed_seq, closed_link = excluded.closed_link
    where a.closed_seq is null;
end $$;

-- Records how far a peer is; nothing goes back within one incarnation, whatever order messages come in. Nulls say nothing.
create function store.note_peer(
  peer text, feed_in uuid, feed_at bigint, feed_by bytea, acked_in uuid, acked_at bigint, acked_by bytea, contact_ms bigint
) returns void language plpgsql security definer set search_path = store, pg_temp as $$
declare
  known store.peer;
begin
  insert into store.peer (node_id, last_contact_ms) values (peer, contact_ms) on conflict do nothing;
  select * into strict known from store.peer p where p.node_id = peer for update;
  if feed_in is not null and (feed_in is distinct from known.feed_incarnation or feed_at >= known.feed_position) then
    known.feed_incarnation := feed_in;
    known.feed_position := feed_at;
    known.feed_link := feed_by;
  end if;
  if acked_in is not null and (acked_in is distinct from known.acked_incarnation or acked_at >= known.acked_seq) then
    known.acked_incarnation := acked_in;
    known.acked_seq := acked_at;
    known.acked_link := acked_by;
    update store.author a set acknowledged = acked_at where a.incarnation = acked_in and a.acknowledged < acked_at;
  end if;
  update store.peer p set
    feed_incarnation = known.feed_incarnation, feed_position = known.feed_position, feed_link = known.feed_link,
    acked_incarnation = known.acked_incarnation, acked_seq = known.acked_seq, acked_link = known.acked_link,
    last_contact_ms = greatest(known.last_contact_ms, contact_ms)
    where p.node_id = peer;
end $$;

-- The newest event that this node wrote here at or before a local position. Within one incarnation positions rise with seq, so a
-- few look-ups find it, however much of others was stored since.
create function store.own_place(at bigint, out incarnation uuid, out seq bigint, out link bytea)
language plpgsql stable security definer set search_path = store, pg_temp as $$
declare
  life record;
  low bigint;
  high bigint;
  middle bigint;
  found_at bigint;
begin
  for life in
    select a.incarnation, case when a.incarnation = h.incarnation then h.seq else a.written_to end as written_to
      from store.author a join store.head h on h.node_id = a.node_id
      order by (a.incarnation = h.incarnation) desc, a.opened_at desc
  loop
    low := 0;
    high := life.written_to;
    while low < high loop
      middle := (low + high + 1) / 2;
      select e.position into found_at from store.event e where e.incarnation = life.incarnation and e.seq = middle;
      if found_at <= own_place.at then
        low := middle;
      else
        high := middle - 1;
      end if;
    end loop;
    if low > 0 then
      select e.incarnation, e.seq, e.link into own_place.incarnation, own_place.seq, own_place.link
        from store.event e where e.incarnation = life.incarnation and e.seq = low;
      return;
    end if;
  end loop;
  select h.incarnation, 0, sha256(convert_to('skypark/log/1', 'UTF8'))
    into own_place.incarnation, own_place.seq, own_place.link from store.head h;
end $$;

create or replace view store.events as
select id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, park_id,
  ((select h.role = 'hq' or h.node_id <> e.node_id from store.head h)
    or coalesce((select a.acknowledged >= e.seq from store.author a where a.incarnation = e.incarnation), false)) as synced,
  position, node_id, incarnation, seq as origin_position, hlc, payload_hash, link as hash, occurred_at, correlation_id,
  causation_id, coalesce(command_id, origin_command_id) as command_id, actor, schema_version
from store.event e;
comment on view store.events is 'The log under the names of the commission. synced: headquarters has the event, by its own word.';
