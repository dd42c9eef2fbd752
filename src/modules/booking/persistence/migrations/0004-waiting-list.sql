-- Parties that wait for a full day. Names, ages and birth dates are sealed texts. What became of an offer stands with its ticket.
create table booking.waitlist (
  id uuid primary key,
  user_id uuid not null,
  park_id varchar(50) not null,
  visit_date date not null,
  places smallint not null,
  adults smallint not null,
  children jsonb not null,
  status varchar(20) not null,
  ticket_id uuid,
  offered_until timestamptz,
  joined_at timestamptz not null,
  -- Where the entry stands in the queue: the order in which they were stored.
  turn bigint not null
);
create index on booking.waitlist (user_id, id);
create index on booking.waitlist (park_id, visit_date, turn) where status = 'waiting';
grant select on booking.waitlist to skypark_app;

create function booking.project_waitlist(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into waitlist (id, user_id, park_id, visit_date, places, adults, children, status, joined_at, turn)
  select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'parkId', (d ->> 'visitDate')::date, (d ->> 'places')::smallint,
    (d ->> 'adults')::smallint, d -> 'children', 'waiting', store.from_ms((d ->> 'joinedAtMs')::bigint), e.position
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'WaitlistJoined'
  on conflict (id) do nothing;

  update waitlist w set ticket_id = (e.event_data ->> 'ticketId')::uuid,
    offered_until = store.from_ms((e.event_data ->> 'untilMs')::bigint)
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'WaitlistOffered' and w.id = e.aggregate_id;

  update waitlist w set status = case e.event_type when 'WaitlistLeft' then 'left' else 'offered' end
  from (
    select distinct on (aggregate_id) aggregate_id, event_type from store.event
    where position between from_position and to_position and event_type in ('WaitlistOffered', 'WaitlistLeft')
    order by aggregate_id, position desc
  ) e
  where w.id = e.aggregate_id;
end $$;
