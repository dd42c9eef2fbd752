-- Gates that were cut off let in more people than a ticket was good for.
create table admission.incidents (
  id uuid primary key,
  ticket_id uuid not null,
  park_id varchar(50) not null,
  visit_date date not null,
  place smallint not null,
  winner_scan_id uuid not null,
  winner_scanned_at timestamptz not null,
  winner_node text not null,
  winner_gate text not null,
  scan_ids uuid[] not null,
  noticed_at timestamptz not null,
  noticed_position bigint not null,
  version integer not null,
  resolved_at timestamptz,
  resolved_by text,
  resolution text,
  note text
);
comment on column admission.incidents.noticed_position is 'Of the event that first told of it: the order of the list.';
comment on column admission.incidents.version is 'Version of the admission''s stream that this row shows.';
comment on column admission.incidents.note is 'Sealed: what somebody wrote when they resolved it.';
create index on admission.incidents (noticed_position, place);
create index on admission.incidents (park_id, noticed_position, place);
grant select on admission.incidents to skypark_app;

-- Every event tells all incidents of its ticket, so the newest decides; the oldest says when each was noticed.
create function admission.project_incidents(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into incidents as i (id, ticket_id, park_id, visit_date, place, winner_scan_id, winner_scanned_at, winner_node, winner_gate,
    scan_ids, noticed_at, noticed_position, version)
  select distinct on (id) id, (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, (f ->> 'place')::smallint,
    (f #>> '{winner,scanId}')::uuid, store.from_ms((f #>> '{winner,scannedAtMs}')::bigint), f #>> '{winner,nodeId}',
    f #>> '{winner,gate}', array(select jsonb_array_elements_text(f -> 'scanIds'))::uuid[],
    first_value(told.created_at) over (partition by id order by told.position),
    first_value(told.position) over (partition by id order by told.position), told.event_version
  from (
    select e.position, e.created_at, e.event_version, d, f, (f ->> 'incidentId')::uuid as id
    from store.event e cross join lateral (select e.event_data) as data(d)
      cross join lateral jsonb_array_elements(d -> 'incidents') as facts(f)
    where e.position between from_position and to_position and e.event_type = 'PeopleAdmittedInExcess'
  ) told
  order by id, told.event_version desc
  on conflict (id) do update set winner_scan_id = excluded.winner_scan_id, winner_scanned_at = excluded.winner_scanned_at,
    winner_node = excluded.winner_node, winner_gate = excluded.winner_gate, scan_ids = excluded.scan_ids, version = excluded.version
  where excluded.version > i.version;

  update incidents i set resolved_at = store.from_ms((d ->> 'resolvedAtMs')::bigint), resolved_by = d ->> 'by',
    resolution = d ->> 'resolution', note = d ->> 'note'
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'IncidentResolved' and i.id = (d ->> 'incidentId')::uuid;
end $$;

-- Null unless people came in whom the ticket was not good for.
alter table admission.scans add column incident_id uuid;

-- As before, and whoever came in beyond what a ticket was good for is inside too.
create or replace function admission.project_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into scans (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at)
  select (d ->> 'scanId')::uuid, (d ->> 'ticketId')::uuid, d ->> 'parkId',
    case e.event_type when 'PeopleAdmitted' then 'admitted' else 'exited' end,
    (d ->> 'people')::smallint, (d ->> 'remaining')::smallint, d ->> 'gate', e.actor,
    store.from_ms((d ->> 'scannedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type in ('PeopleAdmitted', 'PeopleExited')
  on conflict (scan_id) do nothing;

  -- A scan that was good for some is answered by what it was for all.
  insert into scans as s (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at, incident_id)
  select (d ->> 'scanId')::uuid, (d ->> 'ticketId')::uuid, d ->> 'parkId', d ->> 'outcome',
    (d ->> 'cameIn')::smallint, (d ->> 'remaining')::smallint, d ->> 'gate', e.actor,
    store.from_ms((d ->> 'scannedAtMs')::bigint), (d ->> 'incidentId')::uuid
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'PeopleAdmittedInExcess'
  on conflict (scan_id) do update set outcome = excluded.outcome, people = excluded.people, remaining = excluded.remaining,
    incident_id = excluded.incident_id;

  insert into admissions as a (ticket_id, park_id, visit_date, party_size, admitted, inside, first_admitted_at,
    last_scan_id, last_scanned_at, version)
  select distinct on (e.aggregate_id) (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date,
    (d ->> 'partySize')::smallint, (d ->> 'entered')::smallint, (d ->> 'inside')::smallint,
    first_value(store.from_ms((d ->> 'scannedAtMs')::bigint)) over (partition by e.aggregate_id order by e.event_version),
    (d ->> 'scanId')::uuid, store.from_ms((d ->> 'scannedAtMs')::bigint), e.event_version
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position
    and e.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess')
  order by e.aggregate_id, e.event_version desc
  on conflict (ticket_id) do update set admitted = excluded.admitted, inside = excluded.inside,
    last_scan_id = excluded.last_scan_id, last_scanned_at = excluded.last_scanned_at, version = excluded.version
  where excluded.version > a.version;

  insert into voids (ticket_id, park_id, visit_date, why, override, entered, voided_at)
  select (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, d ->> 'why', (d ->> 'override')::boolean,
    (d ->> 'entered')::smallint, store.from_ms((d ->> 'voidedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'AdmissionVoided'
  on conflict (ticket_id) do nothing;
end $$;
