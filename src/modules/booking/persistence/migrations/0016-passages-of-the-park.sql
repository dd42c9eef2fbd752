-- Who came in at one park says nothing about a ticket of another, whatever its node tells. The rows are made anew with the read model.
-- squawk-ignore ban-drop-table
drop table booking.early_admissions;
create table booking.early_admissions (
  ticket_id uuid not null,
  park_id varchar(50) not null,
  used_at timestamptz,
  remaining smallint not null,
  hlc bigint not null,
  primary key (ticket_id, park_id)
);
grant select on booking.early_admissions to skypark_app;

create or replace function booking.take_over_early_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  told_of uuid[] := array(
    select e.aggregate_id from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketHeld'
  );
begin
  with told as (
    delete from early_admissions early where early.ticket_id = any(told_of)
    returning early.ticket_id, early.park_id, early.used_at, early.remaining, early.hlc
  )
  update tickets t set used_at = told.used_at, remaining = told.remaining, passed_hlc = told.hlc,
    status = case when told.used_at is null then t.status else 'used' end
  from told where t.id = told.ticket_id and t.park_id = told.park_id;
end $$;

create or replace function booking.project_ticket_passages(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  with told as materialized (
    select distinct on (ticket_id, park_id) ticket_id, park_id, remaining, hlc, min(admitted_ms) over newest_first as first_ms
    from (
      select (d ->> 'ticketId')::uuid as ticket_id, coalesce(e.park_id, d ->> 'parkId') as park_id, (d ->> 'remaining')::smallint as remaining, e.hlc,
        case e.event_type when 'PeopleAdmitted' then (d ->> 'scannedAtMs')::bigint end as admitted_ms
      from store.event e cross join lateral (select e.event_data) as data(d)
      where e.position between from_position and to_position and e.event_type in ('PeopleAdmitted', 'PeopleExited')
    ) passed
    -- One sorting does for both.
    window newest_first as (partition by ticket_id, park_id order by hlc desc rows between unbounded preceding and unbounded following)
    order by ticket_id, park_id, hlc desc
  ), known as (
    update tickets t set used_at = least(t.used_at, store.from_ms(told.first_ms)),
      status = case when told.first_ms is null or t.status in ('cancelled', 'refunded') then t.status else 'used' end,
      remaining = case when told.hlc > t.passed_hlc then told.remaining else t.remaining end,
      passed_hlc = greatest(t.passed_hlc, told.hlc)
    from told where t.id = told.ticket_id and t.park_id = told.park_id
  )
  insert into early_admissions as early (ticket_id, park_id, used_at, remaining, hlc)
  select told.ticket_id, told.park_id, store.from_ms(told.first_ms), told.remaining, told.hlc from told
  where not exists (select from tickets t where t.id = told.ticket_id)
  on conflict (ticket_id, park_id) do update set used_at = least(early.used_at, excluded.used_at),
    remaining = case when excluded.hlc > early.hlc then excluded.remaining else early.remaining end,
    hlc = greatest(early.hlc, excluded.hlc);
end $$;
