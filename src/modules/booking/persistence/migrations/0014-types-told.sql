-- As before, but a statement whose types are not among what is told is left out, since it would read all of it to find nothing.

create or replace function booking.project_ticket_moves(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  -- Whatever comes after a hold ends it.
  if types && array['TicketMoveHeld', 'TicketMoveLapsed', 'TicketMoved'] then
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
  end if;

  -- A payment keeps the hold that it was begun for, no later one.
  if types && array['TicketMoveKept'] then
    update tickets t set move_until = store.from_ms((e.event_data ->> 'expiresAtMs')::bigint)
    from (
      select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
      where position between from_position and to_position and event_type in ('TicketMoveHeld', 'TicketMoveKept')
      order by aggregate_id, position desc
    ) e
    where t.id = e.aggregate_id and e.event_type = 'TicketMoveKept' and t.move_until is not null;
  end if;

  -- A ticket moves once. Points and promo codes stay as they were where the event does not tell.
  if types && array['TicketMoved'] then
    update tickets t set visit_date = (d ->> 'visitDate')::date, moved_from = (d ->> 'fromDate')::date,
      price = (d ->> 'priceTyiyn')::numeric / 100, price_breakdown = d -> 'priceLines', children_data = d -> 'children',
      paid = (d ->> 'paidTyiyn')::numeric / 100, admission_code = d ->> 'admissionCode',
      valid_from = store.from_ms((d ->> 'validFromMs')::bigint), valid_until = store.from_ms((d ->> 'validUntilMs')::bigint),
      promo_code = case when d #>> '{returnedPromo,code}' is null then t.promo_code end,
      points_spent = coalesce((d ->> 'pointsSpent')::integer, t.points_spent)
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'TicketMoved' and t.id = e.aggregate_id;
  end if;
end $$;

-- Who came in and out by tickets, read once and written once. A ticket that this node has not heard of takes it over when it comes.
drop function booking.project_early_admissions;
create or replace function booking.project_ticket_passages(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  with told as materialized (
    select distinct on (ticket_id) ticket_id, remaining, hlc, min(admitted_ms) over newest_first as first_ms
    from (
      select (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'remaining')::smallint as remaining, e.hlc,
        case e.event_type when 'PeopleAdmitted' then (d ->> 'scannedAtMs')::bigint end as admitted_ms
      from store.event e cross join lateral (select e.event_data) as data(d)
      where e.position between from_position and to_position and e.event_type in ('PeopleAdmitted', 'PeopleExited')
    ) passed
    -- One sorting does for both.
    window newest_first as (partition by ticket_id order by hlc desc rows between unbounded preceding and unbounded following)
    order by ticket_id, hlc desc
  ), known as (
    update tickets t set used_at = least(t.used_at, store.from_ms(told.first_ms)),
      status = case when told.first_ms is null or t.status in ('cancelled', 'refunded') then t.status else 'used' end,
      remaining = case when told.hlc > t.passed_hlc then told.remaining else t.remaining end,
      passed_hlc = greatest(t.passed_hlc, told.hlc)
    from told where t.id = told.ticket_id
  )
  insert into early_admissions as early (ticket_id, used_at, remaining, hlc)
  select told.ticket_id, store.from_ms(told.first_ms), told.remaining, told.hlc from told
  where not exists (select from tickets t where t.id = told.ticket_id)
  on conflict (ticket_id) do update set used_at = least(early.used_at, excluded.used_at),
    remaining = case when excluded.hlc > early.hlc then excluded.remaining else early.remaining end,
    hlc = greatest(early.hlc, excluded.hlc);
end $$;

-- The newest event decides the status, except that a ticket that was cancelled stays so, and one that was used is no more unused.
create or replace function booking.project_ticket_statuses(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  -- Of two cancellations, which only two lives of one log can write, the first.
  if types && array['TicketCancelled'] then
    update tickets t set cancelled_at = store.from_ms((d ->> 'cancelledAtMs')::bigint), cancelled_by = d ->> 'why',
      cancel_reason = d ->> 'reason', sold_places = case when d ->> 'freedFrom' = 'sold' then 0 else t.sold_places end
    from (
      select distinct on (aggregate_id) aggregate_id, event_data as d from store.event
      where position between from_position and to_position and event_type = 'TicketCancelled'
      order by aggregate_id, (event_data ->> 'cancelledAtMs')::bigint
    ) e
    where t.id = e.aggregate_id
      and (t.cancelled_at is null or store.from_ms((d ->> 'cancelledAtMs')::bigint) < t.cancelled_at);
  end if;

  if types && array['TicketActivated', 'TicketHoldExpired', 'TicketExpired', 'TicketCancelled', 'TicketRefunded'] then
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
  end if;
end $$;

-- Applies the events of a range of positions, whatever the order in which two lives of a log arrive.
create or replace function booking.project_tickets(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['TicketHeld'] then
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
  end if;

  if types && array['TicketHoldKept'] then
    update tickets t set expires_at = store.from_ms((e.event_data ->> 'expiresAtMs')::bigint)
    from (
      select distinct on (aggregate_id) aggregate_id, event_data from store.event
      where position between from_position and to_position and event_type = 'TicketHoldKept'
      order by aggregate_id, position desc
    ) e
    where t.id = e.aggregate_id;
  end if;

  if types && array['TicketActivated'] then
    update tickets t set admission_code = e.event_data ->> 'admissionCode', payment_id = (e.event_data ->> 'paymentId')::uuid,
      paid = (e.event_data ->> 'paidTyiyn')::numeric / 100,
      -- What was cancelled has given its places back, also when its events are read again.
      sold_places = case when t.cancelled_at is null then t.places else t.sold_places end
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketActivated' and t.id = e.aggregate_id;
  end if;

  perform booking.project_ticket_moves(from_position, to_position);
  if types && array['VoidAsked', 'TicketVoidDenied'] then
    perform booking.project_ticket_voids(from_position, to_position);
  end if;

  perform booking.project_ticket_statuses(from_position, to_position);
  if types && array['PeopleAdmitted', 'PeopleExited'] then
    perform booking.project_ticket_passages(from_position, to_position);
  end if;
  if types && array['RefundRequested', 'RefundSubmitted', 'RefundSucceeded', 'RefundFailed'] then
    perform booking.project_ticket_refunds(from_position, to_position);
  end if;
end $$;
