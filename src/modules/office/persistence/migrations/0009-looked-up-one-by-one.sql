-- As before, but a ticket and a payment are looked up one by one, and only where an event does not name what is asked of them. As joins both
-- tables were read as a whole at every call while they were not large, also for a single event.
create or replace function office.project_reports(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['TicketHeld'] then
    insert into report_tickets (ticket_id, park_id)
    select aggregate_id, event_data ->> 'parkId' from store.event
    where position between from_position and to_position and event_type = 'TicketHeld'
    on conflict do nothing;
  end if;
  if types && array['PaymentIntended'] then
    insert into report_payments (payment_id, method)
    select aggregate_id, event_data ->> 'method' from store.event
    where position between from_position and to_position and event_type = 'PaymentIntended'
    on conflict do nothing;
  end if;

  insert into report_facts (position, kind, day, at, park_id, people, points, amount, method)
  select e.position, e.kind,
    coalesce(e.visit_day, (e.at at time zone 'Asia/Bishkek')::date), e.at,
    coalesce(e.park, (select t.park_id from report_tickets t where t.ticket_id = e.ticket_id)), e.people, e.points, e.amount / 100,
    case when e.kind in ('paid', 'refunded', 'misfit') then
      (select p.method from report_payments p where p.payment_id = e.payment_id) end
  from (
    select position, d ->> 'parkId' as park, (d ->> 'ticketId')::uuid as ticket_id, (d ->> 'paymentId')::uuid as payment_id,
      case event_type
        when 'TicketHeld' then 'booked'
        when 'TicketHoldExpired' then 'hold_expired'
        when 'TicketActivated' then 'sold'
        when 'TicketCancelled' then case when d ->> 'freedFrom' = 'held' then 'withdrawn' else 'cancelled' end
        when 'TicketExpired' then 'no_show'
        when 'PeopleAdmitted' then 'admitted'
        when 'PeopleExited' then 'exited'
        when 'PeopleAdmittedInExcess' then case when d ->> 'people' = d ->> 'cameIn' then 'excess' else 'excess_too' end
        when 'EntryLimitOverridden' then 'over_limit'
        when 'EntryLimitExceeded' then 'over_limit'
        when 'PaymentSucceeded' then 'paid'
        when 'RefundSucceeded' then 'refunded'
        when 'PaymentMismatched' then 'misfit'
        when 'PointsEarned' then 'points_earned'
        when 'PointsReserved' then 'points_reserved'
        when 'PointsReturned' then 'points_returned'
        when 'PointsReversed' then 'points_reversed'
        when 'PointsLapsed' then 'points_lapsed'
      end as kind,
      store.from_ms(coalesce(d ->> 'scannedAtMs', d ->> 'createdAtMs', d ->> 'atMs', d ->> 'activatedAtMs', d ->> 'cancelledAtMs',
        d ->> 'expiredAtMs', d ->> 'succeededAtMs', d ->> 'noticedAtMs', d ->> 'earnedAtMs', d ->> 'reservedAtMs',
        d ->> 'returnedAtMs', d ->> 'reversedAtMs', d ->> 'lapsedAtMs', store.to_ms(occurred_at)::text)::bigint) as at,
      case when event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'EntryLimitOverridden', 'EntryLimitExceeded',
        'TicketExpired') then (d ->> 'visitDate')::date end as visit_day,
      -- Of what was told about people's places, only how many passed is a number.
      coalesce((d ->> 'people')::integer,
        case when event_type not in ('PeopleAdmitted', 'PeopleExited') then (d ->> 'places')::integer end, 0) as people,
      coalesce((d ->> 'points')::integer, 0) as points,
      coalesce(case event_type when 'TicketHeld' then d ->> 'priceTyiyn' when 'TicketActivated' then d ->> 'paidTyiyn'
        when 'TicketCancelled' then d ->> 'paidTyiyn' else d ->> 'amountTyiyn' end, '0')::numeric as amount
    from (
      select position, event_type, occurred_at, event_data as d
      from store.event
      where position between from_position and to_position and event_type in ('TicketHeld', 'TicketHoldExpired', 'TicketActivated',
        'TicketCancelled', 'TicketExpired', 'PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'EntryLimitOverridden',
        'EntryLimitExceeded', 'PaymentSucceeded', 'RefundSucceeded',
        'PaymentMismatched', 'PointsEarned', 'PointsReserved', 'PointsReturned', 'PointsReversed', 'PointsLapsed')
        and (event_type <> 'PaymentMismatched' or (event_data ->> 'why' <> 'told_differently' and event_data ->> 'currency' = 'KGS'))
    ) known
  ) e
  on conflict (position) do nothing;
end $$;
