-- As before, but what was recounted is told too: it is what there is of a ticket, as any passage says of the moment after it.
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

  if types && array['PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionRecounted'] then
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
        and event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionRecounted')
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

-- As before, but incidents of it, too.
create or replace function admission.project_incidents(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into incidents as i (id, ticket_id, park_id, visit_date, place, winner_scan_id, winner_scanned_at, winner_node, winner_gate,
    scan_ids, noticed_at, noticed_position, hlc, told)
  select id, ticket_id, park_id, visit_date, place, (won #>> '{winner,scanId}')::uuid,
    store.from_ms((won #>> '{winner,scannedAtMs}')::bigint), won #>> '{winner,nodeId}', won #>> '{winner,gate}',
    admission.scans_told(told), noticed_at, noticed_position, hlc, told
  from (
    select id, (array_agg(d order by hlc desc))[1] ->> 'parkId' as park_id,
      ((array_agg(d order by hlc desc))[1] ->> 'ticketId')::uuid as ticket_id,
      ((array_agg(d order by hlc desc))[1] ->> 'visitDate')::date as visit_date,
      min(place) as place, min(created_at) as noticed_at, min(position) as noticed_position, max(hlc) as hlc,
      -- Of the values of one key the last one stays.
      jsonb_object_agg(node_id, jsonb_build_object('hlc', hlc, 'winner', f -> 'winner', 'scanIds', f -> 'scanIds') order by hlc) as told
    from (
      select e.position, e.created_at, e.hlc, e.node_id, d, f, (f ->> 'incidentId')::uuid as id, (f ->> 'place')::smallint as place
      from store.event e cross join lateral (select e.event_data) as data(d)
        cross join lateral jsonb_array_elements(d -> 'incidents') as facts(f)
      where e.position between from_position and to_position and e.event_type in ('PeopleAdmittedInExcess', 'AdmissionRecounted')
    ) events
    group by id
  ) found cross join lateral (select admission.winning_telling(told)) as winning(won)
  on conflict (id) do update set
    visit_date = case when excluded.hlc > i.hlc then excluded.visit_date else i.visit_date end,
    (winner_scan_id, winner_scanned_at, winner_node, winner_gate, scan_ids, told) = (
      select (won #>> '{winner,scanId}')::uuid, store.from_ms((won #>> '{winner,scannedAtMs}')::bigint), won #>> '{winner,nodeId}',
        won #>> '{winner,gate}', admission.scans_told(known), known
      from (select admission.newest_tellings(i.told, excluded.told)) as tellings(known)
        cross join lateral (select admission.winning_telling(known)) as winning(won)
    ),
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

-- As before, but gates hear of it, too.
create or replace function admission.project_gate_days(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if not types && array['TicketMoved', 'TicketMoveUndone', 'TicketCancelled', 'AdmissionVoided'] then
    insert into gate_days as g (ticket_id, visit_date, park_id, position)
    select ticket_id, visit_date, min(park_id), max(position)
    from (
      select (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'visitDate')::date as visit_date, d ->> 'parkId' as park_id, e.position
      from store.event e cross join lateral (select e.event_data) as data(d)
      where e.position between from_position and to_position and e.event_type in ('TicketActivated', 'PeopleAdmitted', 'PeopleExited', 'AdmissionRecounted')
    ) told
    group by ticket_id, visit_date
    on conflict (ticket_id, visit_date) do update set position = excluded.position where excluded.position > g.position;
    return;
  end if;

  insert into gate_days as g (ticket_id, visit_date, park_id, position, revoked_as)
  select ticket_id, visit_date, min(park_id), max(position),
    (array_agg(revoked_as order by position desc) filter (where revoked_as is not null))[1]
  from (
    select (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'visitDate')::date as visit_date, d ->> 'parkId' as park_id, e.position,
      case e.event_type when 'TicketCancelled' then 'cancelled'
        when 'AdmissionVoided' then case d ->> 'why' when 'moved' then 'moved' else 'voided' end end as revoked_as
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position
      and e.event_type in ('TicketActivated', 'TicketMoved', 'TicketMoveUndone', 'TicketCancelled', 'AdmissionVoided', 'PeopleAdmitted',
        'PeopleExited', 'AdmissionRecounted')
      and not (e.event_type = 'TicketCancelled' and d ->> 'freedFrom' = 'held')
    union all
    select (d ->> 'ticketId')::uuid, (d ->> 'fromDate')::date, d ->> 'parkId', e.position, 'moved'
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type in ('TicketMoved', 'TicketMoveUndone')
  ) told
  group by ticket_id, visit_date
  on conflict (ticket_id, visit_date) do update set position = excluded.position,
    revoked_as = coalesce(excluded.revoked_as, g.revoked_as)
  where excluded.position > g.position;

  if types && array['TicketMoveUndone'] then
    update gate_days g set revoked_as = null
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketMoveUndone' and g.revoked_as = 'moved'
      and g.ticket_id = e.aggregate_id and g.visit_date = (e.event_data ->> 'visitDate')::date;
  end if;
end $$;
