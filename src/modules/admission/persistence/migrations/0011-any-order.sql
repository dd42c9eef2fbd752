-- A log that was put back and then got back what it had lost holds the events of a ticket in another order than headquarters does.
-- Rows follow the stamps of the authors' clocks, which are the same everywhere, and no more the order of arrival.
-- Nobody read the versions.
-- squawk-ignore ban-drop-column
alter table admission.admissions drop column version, add column hlc bigint not null default 0;
comment on column admission.admissions.hlc is 'Stamp of the event whose state this row shows.';
-- squawk-ignore ban-drop-column
alter table admission.incidents drop column version, add column hlc bigint not null default 0, add column resolved_hlc bigint;
comment on column admission.incidents.hlc is 'Stamp of the event whose state this row shows.';
alter table admission.scans add column hlc bigint not null default 0;
alter table admission.voids add column hlc bigint not null default 0;

-- As before, whatever the order in which two lives of a log arrive. The first answer to a scan stays, where people came in in
-- excess that one; whoever ever came in has come in; who is inside, the newest event of the ticket says.
create or replace function admission.project_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  -- A scan that was good for some is answered by what it was for all.
  insert into scans as s (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at, incident_id, hlc)
  select distinct on ((d ->> 'scanId')::uuid) (d ->> 'scanId')::uuid, (d ->> 'ticketId')::uuid, d ->> 'parkId',
    case e.event_type when 'PeopleAdmitted' then 'admitted' when 'PeopleExited' then 'exited' else d ->> 'outcome' end,
    (case e.event_type when 'PeopleAdmittedInExcess' then d ->> 'cameIn' when 'ScanRefused' then '0' else d ->> 'people' end)::smallint,
    (d ->> 'remaining')::smallint, d ->> 'gate', e.actor, store.from_ms((d ->> 'scannedAtMs')::bigint),
    case e.event_type when 'PeopleAdmittedInExcess' then (d ->> 'incidentId')::uuid end, e.hlc
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position
    and e.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'ScanRefused')
  order by (d ->> 'scanId')::uuid, e.event_type = 'PeopleAdmittedInExcess' desc, e.hlc
  on conflict (scan_id) do update set ticket_id = excluded.ticket_id, park_id = excluded.park_id, outcome = excluded.outcome,
    people = excluded.people, remaining = excluded.remaining, gate = excluded.gate, actor = excluded.actor,
    scanned_at = excluded.scanned_at, incident_id = excluded.incident_id, hlc = excluded.hlc
  where case when (s.incident_id is null) = (excluded.incident_id is null) then excluded.hlc < s.hlc
    else s.incident_id is null end;

  insert into admissions as a (ticket_id, park_id, visit_date, party_size, admitted, inside, first_admitted_at,
    last_scan_id, last_scanned_at, hlc)
  select distinct on (e.aggregate_id) (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date,
    (d ->> 'partySize')::smallint, max((d ->> 'entered')::smallint) over (partition by e.aggregate_id), (d ->> 'inside')::smallint,
    min(store.from_ms((d ->> 'scannedAtMs')::bigint)) over (partition by e.aggregate_id),
    (d ->> 'scanId')::uuid, store.from_ms((d ->> 'scannedAtMs')::bigint), e.hlc
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position
    and e.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess')
  order by e.aggregate_id, e.hlc desc
  on conflict (ticket_id) do update set admitted = greatest(a.admitted, excluded.admitted),
    first_admitted_at = least(a.first_admitted_at, excluded.first_admitted_at),
    visit_date = case when excluded.hlc > a.hlc then excluded.visit_date else a.visit_date end,
    inside = case when excluded.hlc > a.hlc then excluded.inside else a.inside end,
    last_scan_id = case when excluded.hlc > a.hlc then excluded.last_scan_id else a.last_scan_id end,
    last_scanned_at = case when excluded.hlc > a.hlc then excluded.last_scanned_at else a.last_scanned_at end,
    hlc = greatest(a.hlc, excluded.hlc);

  insert into voids as v (ticket_id, park_id, visit_date, why, override, entered, voided_at, hlc)
  select distinct on ((d ->> 'ticketId')::uuid) (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, d ->> 'why',
    (d ->> 'override')::boolean, (d ->> 'entered')::smallint, store.from_ms((d ->> 'voidedAtMs')::bigint), e.hlc
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'AdmissionVoided'
  order by (d ->> 'ticketId')::uuid, e.hlc
  on conflict (ticket_id) do update set visit_date = excluded.visit_date, why = excluded.why, override = excluded.override,
    entered = excluded.entered, voided_at = excluded.voided_at, hlc = excluded.hlc
  where excluded.hlc < v.hlc;
end $$;

-- As before, by stamps: the newest event tells all incidents of its ticket, the oldest when each was noticed.
create or replace function admission.project_incidents(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into incidents as i (id, ticket_id, park_id, visit_date, place, winner_scan_id, winner_scanned_at, winner_node, winner_gate,
    scan_ids, noticed_at, noticed_position, hlc)
  select distinct on (id) id, (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, (f ->> 'place')::smallint,
    (f #>> '{winner,scanId}')::uuid, store.from_ms((f #>> '{winner,scannedAtMs}')::bigint), f #>> '{winner,nodeId}',
    f #>> '{winner,gate}', array(select jsonb_array_elements_text(f -> 'scanIds'))::uuid[],
    min(told.created_at) over (partition by id), min(told.position) over (partition by id), told.hlc
  from (
    select e.position, e.created_at, e.hlc, d, f, (f ->> 'incidentId')::uuid as id
    from store.event e cross join lateral (select e.event_data) as data(d)
      cross join lateral jsonb_array_elements(d -> 'incidents') as facts(f)
    where e.position between from_position and to_position and e.event_type = 'PeopleAdmittedInExcess'
  ) told
  order by id, told.hlc desc
  on conflict (id) do update set
    visit_date = case when excluded.hlc > i.hlc then excluded.visit_date else i.visit_date end,
    winner_scan_id = case when excluded.hlc > i.hlc then excluded.winner_scan_id else i.winner_scan_id end,
    winner_scanned_at = case when excluded.hlc > i.hlc then excluded.winner_scanned_at else i.winner_scanned_at end,
    winner_node = case when excluded.hlc > i.hlc then excluded.winner_node else i.winner_node end,
    winner_gate = case when excluded.hlc > i.hlc then excluded.winner_gate else i.winner_gate end,
    scan_ids = case when excluded.hlc > i.hlc then excluded.scan_ids else i.scan_ids end,
    noticed_at = least(i.noticed_at, excluded.noticed_at), hlc = greatest(i.hlc, excluded.hlc);

  update incidents i set resolved_at = store.from_ms((d ->> 'resolvedAtMs')::bigint), resolved_by = d ->> 'by',
    resolution = d ->> 'resolution', note = d ->> 'note', resolved_hlc = told.hlc
  from (
    select distinct on ((e.event_data ->> 'incidentId')::uuid) (e.event_data ->> 'incidentId')::uuid as id, e.event_data as d, e.hlc
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'IncidentResolved'
    order by (e.event_data ->> 'incidentId')::uuid, e.hlc
  ) told
  where i.id = told.id and (i.resolved_hlc is null or told.hlc < i.resolved_hlc);
end $$;
