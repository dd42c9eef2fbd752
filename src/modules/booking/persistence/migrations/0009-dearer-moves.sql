-- A move to a dearer day holds places of that day until the difference is paid.
alter table booking.tickets
  add column move_to date,
  add column move_price decimal(10, 2),
  -- The difference, and until when it can be paid.
  add column move_due decimal(10, 2),
  add column move_until timestamptz;
-- squawk-ignore require-concurrent-index-creation
create index on booking.tickets (park_id, move_to, move_until) where move_until is not null;
-- squawk-ignore require-concurrent-index-creation
create index on booking.tickets (move_until) where move_until is not null;

create function booking.project_ticket_moves(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  -- Whatever comes after a hold ends it.
  update tickets t set move_to = case when e.held then (d ->> 'visitDate')::date end,
    move_price = case when e.held then (d ->> 'priceTyiyn')::numeric / 100 end,
    move_due = case when e.held then (d ->> 'dueTyiyn')::numeric / 100 end,
    move_until = case when e.held then store.from_ms((d ->> 'expiresAtMs')::bigint) end
  from (
    select distinct on (aggregate_id) aggregate_id, event_type = 'TicketMoveHeld' as held, event_data as d from store.event
    where position between from_position and to_position and event_type in ('TicketMoveHeld', 'TicketMoveLapsed', 'TicketMoved')
    order by aggregate_id, position desc
  ) e
  where t.id = e.aggregate_id;

  -- A payment keeps the hold that it was begun for, no later one.
  update tickets t set move_until = store.from_ms((e.event_data ->> 'expiresAtMs')::bigint)
  from (
    select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
    where position between from_position and to_position and event_type in ('TicketMoveHeld', 'TicketMoveKept')
    order by aggregate_id, position desc
  ) e
  where t.id = e.aggregate_id and e.event_type = 'TicketMoveKept' and t.move_until is not null;

  -- A ticket moves once. Points and promo codes stay as they were where the event does not tell.
  update tickets t set visit_date = (d ->> 'visitDate')::date, moved_from = (d ->> 'fromDate')::date,
    price = (d ->> 'priceTyiyn')::numeric / 100, price_breakdown = d -> 'priceLines', children_data = d -> 'children',
    paid = (d ->> 'paidTyiyn')::numeric / 100, admission_code = d ->> 'admissionCode',
    valid_from = store.from_ms((d ->> 'validFromMs')::bigint), valid_until = store.from_ms((d ->> 'validUntilMs')::bigint),
    promo_code = case when d #>> '{returnedPromo,code}' is null then t.promo_code end,
    points_spent = coalesce((d ->> 'pointsSpent')::integer, t.points_spent)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'TicketMoved' and t.id = e.aggregate_id;
end $$;

-- Applies the events of a range of positions. A ticket may have several of them in one range: the newest decides its status,
-- except that nobody who came in makes a ticket unused, and nobody makes a cancelled one used.
create or replace function booking.project_tickets(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into tickets (id, user_id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data, adults,
    places, remaining, created_at, expires_at, valid_from, valid_until, promo_code, points_spent)
  select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'parkId', d ->> 'ticketType', (d ->> 'visitDate')::date, d ->> 'qrCode',
    'pending_payment', (d ->> 'priceTyiyn')::numeric / 100, d -> 'priceLines', d -> 'children', (d ->> 'adults')::smallint,
    (d ->> 'places')::smallint, (d ->> 'places')::smallint, store.from_ms((d ->> 'createdAtMs')::bigint),
    store.from_ms((d ->> 'expiresAtMs')::bigint), store.from_ms((d ->> 'validFromMs')::bigint),
    store.from_ms((d ->> 'validUntilMs')::bigint), d #>> '{promo,code}', coalesce((d ->> 'pointsSpent')::integer, 0)
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

  update tickets t set admission_code = e.event_data ->> 'admissionCode', payment_id = (e.event_data ->> 'paymentId')::uuid,
    paid = (e.event_data ->> 'paidTyiyn')::numeric / 100, sold_places = t.places
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'TicketActivated' and t.id = e.aggregate_id;

  perform booking.project_ticket_moves(from_position, to_position);

  -- A ticket is cancelled once.
  update tickets t set cancelled_at = store.from_ms((d ->> 'cancelledAtMs')::bigint), cancelled_by = d ->> 'why',
    cancel_reason = d ->> 'reason', sold_places = case when d ->> 'freedFrom' = 'sold' then 0 else t.sold_places end
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'TicketCancelled' and t.id = e.aggregate_id;

  update tickets t set status = case e.event_type when 'TicketActivated' then 'active' when 'TicketCancelled' then 'cancelled'
    when 'TicketRefunded' then 'refunded' else 'expired' end
  from (
    select distinct on (aggregate_id) aggregate_id, event_type from store.event
    where position between from_position and to_position
      and event_type in ('TicketActivated', 'TicketHoldExpired', 'TicketExpired', 'TicketCancelled', 'TicketRefunded')
    order by aggregate_id, position desc
  ) e
  where t.id = e.aggregate_id and (t.used_at is null or e.event_type in ('TicketCancelled', 'TicketRefunded'));

  update tickets t set status = case when t.status in ('cancelled', 'refunded') then t.status else 'used' end,
    used_at = least(t.used_at, store.from_ms(e.first_ms))
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

  perform booking.project_ticket_refunds(from_position, to_position);
end $$;
