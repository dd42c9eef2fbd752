create schema admission;
grant usage on schema admission to skypark_app;

create table admission.admissions (
  ticket_id uuid primary key,
  park_id varchar(50) not null,
  visit_date date not null,
  party_size smallint not null,
  admitted smallint not null,
  inside smallint not null,
  first_admitted_at timestamptz not null,
  last_scan_id uuid not null,
  last_scanned_at timestamptz not null,
  version integer not null
) with (fillfactor = 80);
create index on admission.admissions (visit_date, park_id);
comment on column admission.admissions.admitted is 'How many of the party have ever come in.';
comment on column admission.admissions.version is 'Version of the admission''s stream that this row shows.';

create table admission.scans (
  scan_id uuid primary key,
  ticket_id uuid not null,
  park_id varchar(50) not null,
  outcome text not null,
  people smallint not null,
  remaining smallint not null,
  gate text not null,
  actor text not null,
  scanned_at timestamptz not null
);
create index on admission.scans (ticket_id);
comment on table admission.scans is 'Scans that counted; remaining is what was left of the party then.';

grant select on admission.admissions, admission.scans to skypark_app;

-- Every event says what the party looks like after it, so the newest of a ticket is its row.
create function admission.project_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
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
end $$;
