-- Each node gives its own first answer to a scan: one that headquarters refused may be made again at the gates of a park. The rows are made
-- anew with the read model.
-- squawk-ignore ban-drop-table
drop table admission.scans;
create table admission.scans (
  scan_id uuid not null,
  node_id varchar(50) not null default '',
  ticket_id uuid,
  park_id varchar(50),
  outcome text not null,
  people smallint not null,
  remaining smallint not null,
  gate text not null,
  actor text not null,
  scanned_at timestamptz not null,
  incident_id uuid,
  hlc bigint not null default 0,
  primary key (scan_id, node_id)
);
comment on table admission.scans is 'Scans with the first answer of each node; remaining is what was left of the party then.';
create index on admission.scans (ticket_id);
grant select on admission.scans to skypark_app;

-- As before, but by nodes, and of a ticket whatever the streams on which several of them write of it.
create or replace function admission.project_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  -- A scan that was good for some is answered by what it was for all.
  insert into scans as s (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at, incident_id, hlc, node_id)
  select distinct on ((d ->> 'scanId')::uuid, e.node_id) (d ->> 'scanId')::uuid, (d ->> 'ticketId')::uuid, d ->> 'parkId',
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

-- What each node has told of an incident stands beside what all of it comes to.
alter table admission.incidents add column told jsonb not null default '{}';
comment on column admission.incidents.told is 'By node, the newest that it told: its stamp, whose place it is, and all scans, the winner''s first.';

create function admission.newest_tellings(known jsonb, more jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(node, telling), '{}') from (
    select distinct on (node) node, telling
    from (select * from jsonb_each(known) union all select * from jsonb_each(more)) each_node(node, telling)
    order by node, (telling ->> 'hlc')::bigint desc
  ) newest
$$;

-- The least of the winners is the winner, as among the scans of one node.
create function admission.winning_telling(told jsonb) returns jsonb language sql immutable as $$
  select telling from jsonb_each(told) each_node(node, telling)
  order by (telling #>> '{winner,scannedAtMs}')::bigint, telling #>> '{winner,nodeId}' collate "C", telling #>> '{winner,scanId}' limit 1
$$;

create function admission.scans_told(told jsonb) returns uuid[] language sql immutable as $$
  select array_agg(scan order by turn) from (
    select scan::uuid, min(turn) as turn from (
      select scan, row_number() over (
        order by (telling #>> '{winner,scannedAtMs}')::bigint, telling #>> '{winner,nodeId}' collate "C", node, place) as turn
      from jsonb_each(told) each_node(node, telling)
        cross join lateral jsonb_array_elements_text(telling -> 'scanIds') with ordinality scans(scan, place)
    ) in_turn group by scan
  ) once
$$;

-- As before, but an incident is what all nodes have told of it: the newest of each.
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
      where e.position between from_position and to_position and e.event_type = 'PeopleAdmittedInExcess'
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
