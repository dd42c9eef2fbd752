-- Passes, and the visits that were booked from them. The reason of a cancellation is a sealed text.
create table booking.passes (
  id uuid primary key,
  user_id uuid not null,
  name varchar(100),
  park_ids text[] not null,
  valid_from date not null,
  valid_to date not null,
  visits integer,
  people smallint not null,
  price decimal(10, 2) not null,
  payment_reference varchar(100) not null,
  issued_at timestamptz not null,
  cancelled_at timestamptz,
  cancel_reason text
);
create index on booking.passes (user_id, id);
grant select on booking.passes to skypark_app;

create table booking.pass_visits (
  ticket_id uuid primary key,
  pass_id uuid not null,
  visit_date date not null,
  -- It came back: the pass has it again.
  returned boolean not null default false
);
create index on booking.pass_visits (pass_id) where not returned;
grant select on booking.pass_visits to skypark_app;

-- Applies the events of a range of positions.
create function booking.project_passes(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into passes (id, user_id, name, park_ids, valid_from, valid_to, visits, people, price, payment_reference, issued_at)
  select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'name', array(select jsonb_array_elements_text(d -> 'parkIds')),
    (d ->> 'validFrom')::date, (d ->> 'validTo')::date, (d ->> 'visits')::integer, (d ->> 'people')::smallint,
    (d ->> 'priceTyiyn')::numeric / 100, d ->> 'paymentReference', store.from_ms((d ->> 'issuedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'PassIssued'
  on conflict (id) do nothing;

  update passes p set cancelled_at = store.from_ms((e.event_data ->> 'cancelledAtMs')::bigint),
    cancel_reason = e.event_data ->> 'reason'
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PassCancelled' and p.id = e.aggregate_id;

  insert into pass_visits (ticket_id, pass_id, visit_date)
  select (event_data ->> 'ticketId')::uuid, aggregate_id, (event_data ->> 'visitDate')::date
  from store.event
  where position between from_position and to_position and event_type = 'PassVisitBooked'
  on conflict (ticket_id) do nothing;

  -- A ticket moves once and comes back once.
  update pass_visits v set visit_date = (e.event_data ->> 'visitDate')::date
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PassVisitMoved'
    and v.ticket_id = (e.event_data ->> 'ticketId')::uuid;

  update pass_visits v set returned = true
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PassVisitReturned'
    and v.ticket_id = (e.event_data ->> 'ticketId')::uuid;
end $$;
