-- A log that was put back and then got back what it had lost holds the events of a ticket in another order than headquarters does.
-- Rows follow the stamps of the authors' clocks, which are the same everywhere, and no more the order of arrival.
alter table booking.tickets add column status_hlc bigint not null default 0, add column passed_hlc bigint not null default 0;
comment on column booking.tickets.status_hlc is 'Stamp of the event that the status is from, unless that is used.';
comment on column booking.tickets.passed_hlc is 'Stamp of the entry or exit that says how many may still come in.';
alter table booking.early_admissions add column hlc bigint not null default 0;

create or replace function booking.project_early_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into early_admissions as early (ticket_id, used_at, remaining, hlc)
  select distinct on (ticket_id) ticket_id,
    min(store.from_ms(scanned_ms)) filter (where event_type = 'PeopleAdmitted') over (partition by ticket_id), remaining, hlc
  from (
    select (d ->> 'ticketId')::uuid as ticket_id, e.event_type, (d ->> 'scannedAtMs')::bigint as scanned_ms,
      (d ->> 'remaining')::smallint as remaining, e.hlc
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type in ('PeopleAdmitted', 'PeopleExited')
  ) told
  where not exists (select from tickets t where t.id = told.ticket_id)
  order by ticket_id, hlc desc
  on conflict (ticket_id) do update set used_at = least(early.used_at, excluded.used_at),
    remaining = case when excluded.hlc > early.hlc then excluded.remaining else early.remaining end,
    hlc = greatest(early.hlc, excluded.hlc);
end $$;

-- As before, with the stamp.
create or replace function booking.take_over_early_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  told_of uuid[] := array(
    select e.aggregate_id from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketHeld'
  );
begin
  with told as (
    delete from early_admissions early where early.ticket_id = any(told_of)
    returning early.ticket_id, early.used_at, early.remaining, early.hlc
  )
  update tickets t set used_at = told.used_at, remaining = told.remaining, passed_hlc = told.hlc,
    status = case when told.used_at is null then t.status else 'used' end
  from told where t.id = told.ticket_id;
end $$;

-- When a ticket was used first, and how many of its party may still come in.
create function booking.project_ticket_passages(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  update tickets t set status = case when t.status in ('cancelled', 'refunded') then t.status else 'used' end,
    used_at = least(t.used_at, store.from_ms(e.first_ms))
  from (
    select (event_data ->> 'ticketId')::uuid as ticket_id, min((event_data ->> 'scannedAtMs')::bigint) as first_ms
    from store.event
    where position between from_position and to_position and event_type = 'PeopleAdmitted'
    group by 1
  ) e
  where t.id = e.ticket_id;

  update tickets t set remaining = e.remaining, passed_hlc = e.hlc
  from (
    select distinct on (ticket_id) (event_data ->> 'ticketId')::uuid as ticket_id, (event_data ->> 'remaining')::smallint as remaining, hlc
    from store.event
    where position between from_position and to_position and event_type in ('PeopleAdmitted', 'PeopleExited')
    order by ticket_id, hlc desc
  ) e
  where t.id = e.ticket_id and e.hlc > t.passed_hlc;

  perform booking.project_early_admissions(from_position, to_position);
end $$;

-- The newest event decides the status, except that a ticket that was cancelled stays so, and one that was used is no more unused.
create function booking.project_ticket_statuses(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  -- Of two cancellations, which only two lives of one log can write, the first.
  update tickets t set cancelled_at = store.from_ms((d ->> 'cancelledAtMs')::bigint), cancelled_by = d ->> 'why',
    cancel_reason = d ->> 'reason', sold_places = case when d ->> 'freedFrom' = 'sold' then 0 else t.sold_places end
  from (
    select distinct on (aggregate_id) aggregate_id, event_data as d from store.event
    where position between from_position and to_position and event_type = 'TicketCancelled'
    order by aggregate_id, (event_data ->> 'cancelledAtMs')::bigint
  ) e
  where t.id = e.aggregate_id
    and (t.cancelled_at is null or store.from_ms((d ->> 'cancelledAtMs')::bigint) < t.cancelled_at);

  update tickets t set status_hlc = e.hlc, status = case e.event_type when 'TicketCancelled' then 'cancelled'
    when 'TicketRefunded' then 'refunded'
    else case when t.used_at is not null then 'used' when e.event_type = 'TicketActivated' then 'active' else 'expired' end end
  from (
    select distinct on (aggregate_id) aggregate_id, event_type, hlc, event_type in ('TicketCancelled', 'TicketRefunded') as ends
    from store.event
    where position between from_position and to_position
      and event_type in ('TicketActivated', 'TicketHoldExpired', 'TicketExpired', 'TicketCancelled', 'TicketRefunded')
    order by aggregate_id, ends desc, hlc desc
  ) e
  where t.id = e.aggregate_id
    and case when e.ends = (t.status in ('cancelled', 'refunded')) then e.hlc > t.status_hlc else e.ends end;
end $$;

-- Applies the events of a range of positions, whatever the order in which two lives of a log arrive.
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

  perform booking.project_ticket_statuses(from_position, to_position);
  perform booking.project_ticket_passages(from_position, to_position);
  perform booking.project_ticket_refunds(from_position, to_position);
end $$;
