create schema nodes;
grant usage on schema nodes to skypark_app;

-- Nodes of parks as headquarters knows them. A code is told once and kept by its hash only.
create table nodes.nodes (
  id varchar(50) primary key,
  park_id varchar(50) not null,
  status text not null,
  code_hash text not null unique,
  code_expires_at timestamptz not null,
  home_from date,
  invited_at timestamptz not null,
  enrolled_at timestamptz,
  revoked_at timestamptz
);
comment on column nodes.nodes.home_from is 'From which day on its park was to be its own home; null: the day after the enrolment.';
grant select on nodes.nodes to skypark_app;

-- The keys with which a node signs what it wrote.
create table nodes.node_keys (
  node_id varchar(50) not null,
  key_id text not null,
  public_key text not null,
  since timestamptz not null,
  until_incarnation uuid,
  until_seq bigint,
  primary key (node_id, key_id)
);
comment on column nodes.node_keys.until_seq is 'Of an old key: good for what it had sealed up to there. Null: the key in force.';
grant select on nodes.node_keys to skypark_app;

-- The lives of the logs of nodes.
create table nodes.incarnations (
  incarnation uuid primary key,
  node_id varchar(50) not null,
  known_at timestamptz not null,
  closed_seq bigint,
  closed_link text,
  closed_why text,
  successor uuid
);
create index on nodes.incarnations (node_id);
grant select on nodes.incarnations to skypark_app;

create table nodes.park_homes (
  park_id varchar(50) not null,
  from_date date not null,
  node_id varchar(50) not null,
  primary key (park_id, from_date)
);
comment on table nodes.park_homes is 'Which node writes admissions to a park from a day on; before the first of them headquarters does.';
grant select on nodes.park_homes to skypark_app;

create table nodes.admission_keys (
  key_id text not null,
  node_id varchar(50) not null,
  x text not null,
  park_id varchar(50),
  published_at timestamptz not null,
  primary key (node_id, key_id)
);
comment on column nodes.admission_keys.park_id is 'The only park for which its codes are good; null: for all.';
grant select on nodes.admission_keys to skypark_app;

-- Not a read model: what nodes told when they were heard last.
create table nodes.contact (
  node_id varchar(50) primary key,
  at timestamptz not null,
  verdict text not null,
  trouble text,
  app_version text not null,
  protocol integer not null,
  incarnation uuid not null,
  head_seq bigint not null,
  accepted_seq bigint not null,
  feed_lag bigint not null,
  clock_offset_ms bigint not null
);
grant select, insert, update on nodes.contact to skypark_app;

-- Not a read model: of a park node, where it is enrolled. One row.
create table nodes.enrolment (
  only_one boolean primary key default true check (only_one),
  hq_node_id varchar(50) not null,
  hq_key_id text not null,
  hq_public_key text not null,
  certificate text not null
);
comment on column nodes.enrolment.hq_public_key is 'Whoever signs with another key is not the headquarters that this node enrolled at.';
grant select, insert, update on nodes.enrolment to skypark_app;

-- Nodes have few events, so each range is applied event by event, in order.
create function nodes.project_nodes(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  e record;
  d jsonb;
begin
  for e in
    select event_type, event_data, occurred_at from store.event
    where position between from_position and to_position
      and event_type in ('NodeInvited', 'NodeEnrolled', 'NodeRevoked', 'NodeKeyRotated', 'IncarnationClosed')
    order by position
  loop
    d := e.event_data;
    case e.event_type
      when 'NodeInvited' then
        insert into nodes (id, park_id, status, code_hash, code_expires_at, home_from, invited_at)
        values (d ->> 'nodeId', d ->> 'parkId', 'invited', d ->> 'codeHash', store.from_ms((d ->> 'expiresAtMs')::bigint),
          (d ->> 'homeFrom')::date, e.occurred_at)
        on conflict (id) do update set code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at,
          home_from = excluded.home_from, invited_at = excluded.invited_at;
      when 'NodeEnrolled' then
        update nodes set status = 'enrolled', enrolled_at = store.from_ms((d ->> 'enrolledAtMs')::bigint)
        where id = d ->> 'nodeId' and status <> 'revoked';
        -- What a node sealed before it had to be enrolled again is closed, so nobody asks for its old keys.
        delete from node_keys where node_id = d ->> 'nodeId';
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at);
        insert into incarnations (incarnation, node_id, known_at)
        values ((d ->> 'incarnation')::uuid, d ->> 'nodeId', e.occurred_at)
        on conflict (incarnation) do nothing;
      when 'NodeRevoked' then
        update nodes set status = 'revoked', revoked_at = store.from_ms((d ->> 'revokedAtMs')::bigint) where id = d ->> 'nodeId';
      when 'NodeKeyRotated' then
        update node_keys set until_incarnation = (d -> 'oldUntil' ->> 'incarnation')::uuid,
          until_seq = (d -> 'oldUntil' ->> 'seq')::bigint
        where node_id = d ->> 'nodeId' and key_id = d ->> 'oldKeyId' and until_seq is null;
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at)
        on conflict (node_id, key_id) do nothing;
      else
        insert into incarnations as i (incarnation, node_id, known_at, closed_seq, closed_link, closed_why, successor)
        values ((d ->> 'incarnation')::uuid, d ->> 'nodeId', e.occurred_at, (d ->> 'seq')::bigint, d ->> 'link', d ->> 'why',
          (d ->> 'successor')::uuid)
        on conflict (incarnation) do update set closed_seq = excluded.closed_seq, closed_link = excluded.closed_link,
          closed_why = excluded.closed_why, successor = excluded.successor
        where i.closed_seq is null;
        insert into incarnations (incarnation, node_id, known_at)
        select (d ->> 'successor')::uuid, d ->> 'nodeId', e.occurred_at where d ->> 'successor' is not null
        on conflict (incarnation) do nothing;
    end case;
  end loop;
end $$;

create function nodes.project_homes(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  e record;
  d jsonb;
begin
  for e in
    select event_type, event_data, occurred_at from store.event
    where position between from_position and to_position and event_type in ('ParkHomeAssigned', 'AdmissionKeyPublished')
    order by position
  loop
    d := e.event_data;
    if e.event_type = 'ParkHomeAssigned' then
      -- A word about a day and all after it stands in place of the older ones.
      delete from park_homes where park_id = d ->> 'parkId' and from_date >= (d ->> 'fromDate')::date;
      insert into park_homes (park_id, from_date, node_id) values (d ->> 'parkId', (d ->> 'fromDate')::date, d ->> 'nodeId');
    else
      insert into admission_keys (key_id, node_id, x, park_id, published_at)
      values (d ->> 'keyId', d ->> 'nodeId', d ->> 'x', d ->> 'parkId', e.occurred_at)
      on conflict (node_id, key_id) do nothing;
    end if;
  end loop;
end $$;
