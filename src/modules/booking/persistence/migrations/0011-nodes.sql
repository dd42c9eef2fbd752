-- Tickets of which node, and what the gates of another node were asked about them.
alter table booking.tickets
  -- The node that writes the ticket: headquarters, or the park whose desk sold it.
  add column sold_by text not null default '',
  -- The gates of another node were asked to end it: `requested` until they answer, `denied_used` when somebody had come in.
  add column void_status varchar(20),
  add column void_amount decimal(10, 2);

-- The newest tells how far it is. What it was cancelled with shows the ticket itself.
create function booking.project_ticket_voids(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  update tickets t set void_status = case e.event_type when 'VoidAsked' then 'requested' else 'denied_used' end,
    void_amount = (e.event_data ->> 'paidTyiyn')::numeric / 100
  from (
    select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
    where position between from_position and to_position and event_type in ('VoidAsked', 'TicketVoidDenied')
      and event_data ->> 'why' <> 'moved'
    order by aggregate_id, position desc
  ) e
  where t.id = e.aggregate_id;
end $$;

-- Applies the events of a range of positions. A ticket may have several of them in one range: the newest decides its status,
-- except that nobody who came in makes a ticket unused, and nobody makes a cancelled one used.
create or replace function booking.project_tickets(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into tickets (id, user_id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data, adults,
    places, remaining, created_at, expires_at, valid_from, valid_until, promo_code, points_spent, sold_by)
  select e.aggregate_id, (d ->> 'userId')::uuid, d ->> 'parkId', d ->> 'ticketType', (d ->> 'visitDate')::date, d ->> 'qrCode',
    'pending_payment', (d ->> 'priceTyiyn')::numeric / 100, d -> 'priceLines', d -> 'children', (d ->> 'adults')::smallint,
    (d ->> 'places')::smallint, (d ->> 'places')::smallint, store.from_ms((d ->> 'createdAtMs')::bigint),
    store.from_ms((d ->> 'expiresAtMs')::bigint), store.from_ms((d ->> 'validFromMs')::bigint),
    store.from_ms((d ->> 'validUntilMs')::bigint), d #>> '{promo,code}', coalesce((d ->> 'pointsSpent')::integer, 0),
    e.node_id
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'TicketHeld'
  on conflict (id) do nothing;
  perform booking.take_over_early_admissions(from_position, to_position);

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
  perform booking.project_ticket_voids(from_position, to_position);

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

  perform booking.project_early_admissions(from_position, to_position);
  perform booking.project_ticket_refunds(from_position, to_position);
end $$;
