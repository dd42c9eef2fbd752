-- Tickets that were ended at the gates: nobody comes in by them any more.
create table admission.voids (
  ticket_id uuid primary key,
  park_id varchar(50) not null,
  visit_date date not null,
  why text not null,
  override boolean not null,
  entered smallint not null,
  voided_at timestamptz not null
);
create index on admission.voids (visit_date, park_id);
comment on column admission.voids.override is 'A manager insisted although somebody had come in.';
grant select on admission.voids to skypark_app;

-- Every event says what the party looks like after it, so the newest of a ticket is its row.
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

  insert into admissions as a (ticket_id, park_id, visit_date, party_size, admitted, inside, first_admitted_at,
    last_scan_id, last_scanned_at, version)
  select distinct on (e.aggregate_id) (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date,
    (d ->> 'partySize')::smallint, (d ->> 'entered')::smallint, (d ->> 'inside')::smallint,
    first_value(store.from_ms((d ->> 'scannedAtMs')::bigint)) over (partition by e.aggregate_id order by e.event_version),
    (d ->> 'scanId')::uuid, store.from_ms((d ->> 'scannedAtMs')::bigint), e.event_version
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type in ('PeopleAdmitted', 'PeopleExited')
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
