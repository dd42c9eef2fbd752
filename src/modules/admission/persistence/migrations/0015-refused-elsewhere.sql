-- As before, but a refusal at the gates of another park than the ticket's is of no park, also where an older event names the ticket's: the
-- node of that park never hears of it.
create or replace function admission.project_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  -- A scan that was good for some is answered by what it was for all.
  insert into scans as s (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at, incident_id, hlc, node_id)
  select distinct on ((d ->> 'scanId')::uuid, e.node_id) (d ->> 'scanId')::uuid, (d ->> 'ticketId')::uuid,
    case when d ->> 'outcome' is distinct from 'wrong_park' then d ->> 'parkId' end,
    case e.event_type when 'PeopleAdmitted' then 'admitted' when 'PeopleExited' then 'exited' else d ->> 'outcome' end,
    (case e.event_type when 'PeopleAdmittedInExcess' then d ->> 'cameIn' when 'ScanRefused' then '0' else d ->> 'people' end)::smallint,
    (d ->> 'remaining')::smallint, d ->> 'gate', e.actor, store.from_ms((d ->> 'scannedAtMs')::bigint),
    case e.event_type when 'PeopleAdmittedInExcess' then (d ->> 'incidentId')::uuid end, e.hlc, e.node_id
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position
    and e.event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'ScanRefused')
  order by (d ->> 'scanId')::uuid, e.node_id, e.event_type = 'PeopleAdmittedInExcess' desc, e.hlc
  on conflict (scan_id, node_id) do update set ticket_id = excluded.ticket_id, park_id = excluded.park_id, outcome = excluded.outcome,
    people = excluded.people, remaining = excluded.remaining, gate = excluded.gate, actor = excluded.actor,
    scanned_at = excluded.scanned_at, incident_id = excluded.incident_id, hlc = excluded.hlc
  where case when (s.incident_id is null) = (excluded.incident_id is null) then excluded.hlc < s.hlc
    else s.incident_id is null end;

  if types && array['PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess'] then
    insert into admissions as a (ticket_id, park_id, visit_date, party_size, admitted, inside, first_admitted_at,
      last_scan_id, last_scanned_at, hlc)
    select (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, (d ->> 'partySize')::smallint, e.entered,
      (d ->> 'inside')::smallint, store.from_ms(e.first_ms), (d ->> 'scanId')::uuid, store.from_ms((d ->> 'scannedAtMs')::bigint), e.hlc
    from (
      -- One sorting does for the newest and for what is ever true; of the others nothing else is read.
      select distinct on (event_data ->> 'ticketId') event_data as d, hlc, max((event_data ->> 'entered')::smallint) over newest_first as entered,
        min((event_data ->> 'scannedAtMs')::bigint) over newest_first as first_ms
      from store.event
      where position between from_position and to_position
        and event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess')
      window newest_first as (partition by event_data ->> 'ticketId' order by hlc desc rows between unbounded preceding and unbounded following)
      order by event_data ->> 'ticketId', hlc desc
    ) e
    on conflict (ticket_id) do update set admitted = greatest(a.admitted, excluded.admitted),
      first_admitted_at = least(a.first_admitted_at, excluded.first_admitted_at),
      visit_date = case when excluded.hlc > a.hlc then excluded.visit_date else a.visit_date end,
      inside = case when excluded.hlc > a.hlc then excluded.inside else a.inside end,
      last_scan_id = case when excluded.hlc > a.hlc then excluded.last_scan_id else a.last_scan_id end,
      last_scanned_at = case when excluded.hlc > a.hlc then excluded.last_scanned_at else a.last_scanned_at end,
      hlc = greatest(a.hlc, excluded.hlc);
  end if;

  if types && array['AdmissionVoided'] then
    insert into voids as v (ticket_id, park_id, visit_date, why, override, entered, voided_at, hlc)
    select distinct on ((d ->> 'ticketId')::uuid) (d ->> 'ticketId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, d ->> 'why',
      (d ->> 'override')::boolean, (d ->> 'entered')::smallint, store.from_ms((d ->> 'voidedAtMs')::bigint), e.hlc
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'AdmissionVoided' and d ->> 'why' <> 'moved'
    order by (d ->> 'ticketId')::uuid, e.hlc
    on conflict (ticket_id) do update set visit_date = excluded.visit_date, why = excluded.why, override = excluded.override,
      entered = excluded.entered, voided_at = excluded.voided_at, hlc = excluded.hlc
    where excluded.hlc < v.hlc;
  end if;
end $$;
