-- A refusal is an event now, stored under the same id as an admission by its scan, so that of two processes one gives the answer,
-- for ever. It stands among the scans; without a ticket when its code led to none.
-- squawk-ignore ban-drop-not-null
alter table admission.scans alter column ticket_id drop not null, alter column park_id drop not null;
comment on table admission.scans is 'Scans with their first answer; remaining is what was left of the party then.';

-- What was refused before stays answered from here. Nothing is written here or forgotten any more.
comment on table admission.refused_scans is 'Refusals from before they were events. A scan that counted goes before.';
-- squawk-ignore require-concurrent-index-deletion
drop index admission.refused_scans_refused_at_idx;

-- As before, and what was refused.
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

  insert into scans (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at)
  select (d ->> 'scanId')::uuid, (d ->> 'ticketId')::uuid, d ->> 'parkId', d ->> 'outcome', 0, (d ->> 'remaining')::smallint,
    d ->> 'gate', e.actor, store.from_ms((d ->> 'scannedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'ScanRefused'
  on conflict (scan_id) do nothing;

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
