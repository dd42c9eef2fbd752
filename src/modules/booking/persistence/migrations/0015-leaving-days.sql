-- A ticket that was moved away from a day whose gates another node serves, and have not answered: its places of that day are still sold.
alter table booking.tickets
  add column leaving date,
  -- What goes back once they say that nobody came in.
  add column leaving_refund decimal(10, 2);
-- squawk-ignore require-concurrent-index-creation
create index on booking.tickets (park_id) where leaving is not null;

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

  -- A ticket moves once, and back at most once. Points and promo codes stay as they were where the event does not tell.
  if types && array['TicketMoved', 'TicketMoveUndone'] then
    update tickets t set visit_date = (d ->> 'visitDate')::date, moved_from = (d ->> 'fromDate')::date,
      price = (d ->> 'priceTyiyn')::numeric / 100, price_breakdown = d -> 'priceLines', children_data = d -> 'children',
      paid = (d ->> 'paidTyiyn')::numeric / 100, admission_code = d ->> 'admissionCode',
      valid_from = store.from_ms((d ->> 'validFromMs')::bigint), valid_until = store.from_ms((d ->> 'validUntilMs')::bigint),
      promo_code = case when d #>> '{returnedPromo,code}' is null then t.promo_code end,
      points_spent = coalesce((d ->> 'pointsSpent')::integer, t.points_spent),
      leaving = case when d #>> '{leaving,voidId}' is not null then (d ->> 'fromDate')::date end,
      leaving_refund = (d #>> '{leaving,refundTyiyn}')::numeric / 100
    from (
      select distinct on (aggregate_id) aggregate_id, event_data as d from store.event
      where position between from_position and to_position and event_type in ('TicketMoved', 'TicketMoveUndone')
      order by aggregate_id, position desc
    ) e
    where t.id = e.aggregate_id;
  end if;

  if types && array['TicketLeftDay'] then
    update tickets t set leaving = null, leaving_refund = null, paid = (d ->> 'paidTyiyn')::numeric / 100,
      promo_code = case when d #>> '{returnedPromo,code}' is null then t.promo_code end, points_spent = (d ->> 'pointsSpent')::integer
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'TicketLeftDay' and t.id = e.aggregate_id;
  end if;
end $$;
