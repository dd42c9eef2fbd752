create schema booking;
grant usage on schema booking to skypark_app;

-- Names, birth dates and admission codes are sealed texts; see store.subject_key.
create table booking.tickets (
  id uuid primary key,
  user_id uuid,
  park_id varchar(50) not null,
  ticket_type varchar(20) not null,
  visit_date date not null,
  qr_code varchar(255) not null unique,
  status varchar(20) not null,
  price decimal(10, 2) not null,
  price_breakdown jsonb not null,
  children_data jsonb not null,
  adults smallint not null,
  places smallint not null,
  remaining smallint not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  admission_code text,
  payment_id uuid,
  paid decimal(10, 2)
);
create index on booking.tickets (user_id, id);
create index on booking.tickets (park_id, visit_date, expires_at) where status = 'pending_payment';
create index on booking.tickets (expires_at) where status = 'pending_payment';
grant select on booking.tickets to skypark_app;

-- Applies the events of a range of positions. A ticket may have several of them in one range: the newest decides its status.
create function booking.project_tickets(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into tickets (id, user_id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data, adults,
    places, remaining, created_at, expires_at, valid_from, valid_until)
  select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'parkId', d ->> 'ticketType', (d ->> 'visitDate')::date, d ->> 'qrCode',
    'pending_payment', (d ->> 'priceTyiyn')::numeric / 100, d -> 'priceLines', d -> 'children', (d ->> 'adults')::smallint,
    (d ->> 'places')::smallint, (d ->> 'places')::smallint, store.from_ms((d ->> 'createdAtMs')::bigint),
    store.from_ms((d ->> 'expiresAtMs')::bigint), store.from_ms((d ->> 'validFromMs')::bigint),
    store.from_ms((d ->> 'validUntilMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'TicketHeld'
  on conflict (id) do nothing;

  update tickets t set expires_at = store.from_ms((e.event_data ->> 'expiresAtMs')::bigint)
  from (
    select distinct on (aggregate_id) aggregate_id, event_data from store.event
    where position between from_position and to_position and event_type = 'TicketHoldKept'
    order by aggregate_id, position desc
  ) e
  where t.id = e.aggregate_id;

  update tickets t set status = case e.event_type when 'TicketActivated' then 'active' else 'expired' end
  from (
    select distinct on (aggregate_id) aggregate_id, event_type from store.event
    where position between from_position and to_position and event_type in ('TicketActivated', 'TicketHoldExpired')
    order by aggregate_id, position desc
  ) e
  where t.id = e.aggregate_id;

  update tickets t set admission_code = e.event_data ->> 'admissionCode', payment_id = (e.event_data ->> 'paymentId')::uuid,
    paid = (e.event_data ->> 'paidTyiyn')::numeric / 100
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'TicketActivated' and t.id = e.aggregate_id;

  update tickets t set status = 'used', used_at = least(t.used_at, store.from_ms(e.first_ms))
  from (
    select (event_data ->> 'ticketId')::uuid as ticket_id, min((event_data ->> 'scannedAtMs')::bigint) as first_ms
    from store.event
    where position between from_position and to_position and event_type = 'PeopleAdmitted'
    group by 1
  ) e
  where t.id = e.ticket_id;

  update tickets t set remaining = e.remaining
  from (
    select distinct on (ticket_id) (event_data ->> 'ticketId')::uuid as ticket_id, (event_data ->> 'remaining')::smallint as remaining
    from store.event
    where position between from_position and to_position and event_type in ('PeopleAdmitted', 'PeopleExited')
    order by ticket_id, position desc
  ) e
  where t.id = e.ticket_id;
end $$;
