-- Days whose tickets are cancelled; how far that is stands with the tickets. The reason is a sealed text.
create table booking.day_closings (
  park_id varchar(50) not null,
  visit_date date not null,
  id uuid not null,
  reason text,
  started_at timestamptz not null,
  primary key (park_id, visit_date)
);
create index on booking.day_closings (visit_date);
grant select on booking.day_closings to skypark_app;

create function booking.project_day_closings(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into day_closings (park_id, visit_date, id, reason, started_at)
  select d ->> 'parkId', (d ->> 'date')::date, e.aggregate_id, d ->> 'reason', store.from_ms((d ->> 'startedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DayClosingStarted'
  on conflict (park_id, visit_date) do nothing;
end $$;
