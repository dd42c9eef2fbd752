-- What of each day's tickets gates have to hear of, and since when. A ticket that was moved has a row for each of its days.
create table admission.gate_days (
  ticket_id uuid not null,
  visit_date date not null,
  park_id varchar(50) not null,
  position bigint not null,
  revoked_as text,
  primary key (ticket_id, visit_date)
);
comment on column admission.gate_days.position is 'Of the newest event that gates have to hear of.';
comment on column admission.gate_days.revoked_as is 'Why nobody comes in by the ticket on this day any more; null while somebody may.';
create index on admission.gate_days (park_id, visit_date, position);
create index on admission.gate_days (park_id, visit_date, position) where revoked_as is not null;
grant select on admission.gate_days to skypark_app;

-- A ticket that was never paid has no code, so gates hear nothing of it. What was revoked stays so.
create function admission.project_gate_days(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into gate_days as g (ticket_id, visit_date, park_id, position, revoked_as)
  select ticket_id, visit_date, min(park_id), max(position),
    (array_agg(revoked_as order by position desc) filter (where revoked_as is not null))[1]
  from (
    select (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'visitDate')::date as visit_date, d ->> 'parkId' as park_id, e.position,
      case e.event_type when 'TicketCancelled' then 'cancelled' when 'AdmissionVoided' then 'voided' end as revoked_as
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position
      and e.event_type in ('TicketActivated', 'TicketMoved', 'TicketCancelled', 'AdmissionVoided', 'PeopleAdmitted', 'PeopleExited')
      and not (e.event_type = 'TicketCancelled' and d ->> 'freedFrom' = 'held')
    union all
    select (d ->> 'ticketId')::uuid, (d ->> 'fromDate')::date, d ->> 'parkId', e.position, 'moved'
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'TicketMoved'
  ) told
  group by ticket_id, visit_date
  on conflict (ticket_id, visit_date) do update set position = excluded.position,
    revoked_as = coalesce(excluded.revoked_as, g.revoked_as)
  where excluded.position > g.position;
end $$;
