-- Tickets that headquarters had sold before it was set back: its park has let somebody in by what is held or expired here.
-- squawk-ignore require-concurrent-index-creation
create index on booking.tickets (sold_by, id) where status = 'used' and sold_places = 0;

-- As before. A sale that is remembered makes a ticket active; its payment, when it is found, changes nothing about that.
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

  if types && array['TicketActivated', 'TicketSaleRemembered', 'TicketHoldExpired', 'TicketExpired', 'TicketCancelled', 'TicketRefunded'] then
    update tickets t set status_hlc = e.hlc, status = case e.event_type when 'TicketCancelled' then 'cancelled'
      when 'TicketRefunded' then 'refunded'
      else case when t.used_at is not null then 'used' when e.event_type in ('TicketActivated', 'TicketSaleRemembered') then 'active'
        else 'expired' end end
    from (
      select distinct on (aggregate_id) aggregate_id, event_type, hlc, event_type in ('TicketCancelled', 'TicketRefunded') as ends
      from store.event
      where position between from_position and to_position
        and event_type in ('TicketActivated', 'TicketSaleRemembered', 'TicketHoldExpired', 'TicketExpired', 'TicketCancelled',
          'TicketRefunded')
        and not (event_type = 'TicketActivated' and event_data ? 'remembered')
      order by aggregate_id, ends desc, hlc desc
    ) e
    where t.id = e.aggregate_id
      and case when e.ends = (t.status in ('cancelled', 'refunded')) then e.hlc > t.status_hlc else e.ends end;
  end if;
end $$;

-- As before, with sales that are remembered. A park may know the code and the payment, which headquarters does not.
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

  if types && array['TicketSaleRemembered'] then
    update tickets t set admission_code = coalesce(t.admission_code, e.event_data ->> 'admissionCode'),
      sold_places = case when t.cancelled_at is null then t.places else t.sold_places end
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketSaleRemembered' and t.id = e.aggregate_id;
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
