-- As store.from_ms, which it is made of: as immutable it could not be written out where it is used, and was called once an event.
alter function ledger.booked_day(bigint) stable;

-- As before, but a sale at a desk finds the beginning of its shift without reading all that the shift took before.
create or replace function ledger.book_money(from_position bigint, to_position bigint) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  with told as (
    select e.position, e.id, e.event_type, e.causation_id, e.event_data as d, ledger.booked_day(e.hlc) as booked_day,
      case when e.event_type in ('ShiftOpened', 'CashTaken', 'CashPaidOut', 'ShiftClosed') then e.aggregate_id end as shift_id,
      (e.event_data ->> 'ticketId')::uuid as ticket_id,
      coalesce(e.event_data ->> 'paymentId', '')  as payment_text,
      (e.event_data ->> 'refundId')::uuid as refund_id,
      (e.event_data ->> 'amountTyiyn')::numeric as amount,
      (store.from_ms(coalesce(e.event_data ->> 'succeededAtMs', e.event_data ->> 'noticedAtMs', e.event_data ->> 'requestedAtMs',
        e.event_data ->> 'activatedAtMs', e.event_data ->> 'movedAtMs', e.event_data ->> 'refusedAtMs', e.event_data ->> 'openedAtMs',
        e.event_data ->> 'takenAtMs', e.event_data ->> 'paidOutAtMs', e.event_data ->> 'closedAtMs')::bigint)
        at time zone 'Asia/Bishkek')::date as day
    from store.event e
    where e.position between from_position and to_position and e.event_type in ('PaymentSucceeded', 'PaymentMismatched',
      'RefundRequested', 'RefundSucceeded', 'TicketActivated', 'TicketMoved', 'TicketPaymentRefused', 'ShiftOpened', 'CashTaken',
      'CashPaidOut', 'ShiftClosed')
      and (e.event_data ->> 'why') is distinct from 'told_differently'
  ), known as (
    select t.*, nullif(coalesce(t.d #>> '{difference,paymentId}', t.payment_text), '')::uuid as payment_id
    from told t
    -- Of moves only those count that cost money.
    where t.event_type <> 'TicketMoved' or t.d #>> '{difference,paymentId}' is not null
  ), placed as materialized (
    select k.*, paid.method, paid.captured, coalesce(k.d ->> 'parkId', paid.park_id, ticket.park_id, shift.park_id, '') as park_id,
      paid.asked_before, k.event_type = 'RefundRequested' and (paid.captured is null or k.causation_id = any(paid.misfits)) as is_misfit,
      case
        when ticket.bought and k.event_type in ('RefundRequested', 'TicketActivated', 'TicketMoved')
          and exists (select from first_admissions f where f.ticket_id = k.ticket_id and f.position < k.position) then 'revenue'
        when ticket.bought and ticket.over then 'revenue:no_show'
        when ticket.bought then 'deferred_revenue'
        when ticket.refused then 'suspense'
        else 'received' end as holder,
      k.event_type = 'RefundSucceeded' and exists (
        select from store.event f
        where f.aggregate_id = k.payment_id and f.event_type = 'RefundFailed' and f.position + 0 < k.position
          and (f.event_data ->> 'refundId')::uuid = k.refund_id) as by_hand
    from known k
    -- What the payment's own events say. Money that did not fit goes back apart and is not counted, nor is what was asked back
    -- before the payment succeeded.
    left join lateral (
      select min(s.d ->> 'method') filter (where s.event_type = 'PaymentIntended') as method,
        min(s.d ->> 'parkId') filter (where s.event_type = 'PaymentIntended') as park_id,
        min(s.d ->> 'ticketId') filter (where s.event_type = 'PaymentIntended')::uuid as ticket_id,
        sum((s.d ->> 'amountTyiyn')::numeric) filter (where s.event_type = 'PaymentSucceeded' and s.position < k.position) as captured,
        coalesce(sum((s.d ->> 'amountTyiyn')::numeric) filter (where s.event_type = 'RefundRequested' and s.position < k.position
          and s.position > s.came_at and (s.causation_id = any(s.misfits)) is not true), 0) as asked_before,
        min(s.misfits) as misfits
      from (
        select e.position, e.event_type, e.event_data as d, e.causation_id,
          min(e.position) filter (where e.event_type = 'PaymentSucceeded') over () as came_at,
          array_agg(e.id::text) filter (where e.event_type = 'PaymentMismatched') over () as misfits
        from store.event e
        where k.shift_id is null and e.aggregate_id = k.payment_id
          and e.event_type in ('PaymentIntended', 'PaymentSucceeded', 'PaymentMismatched', 'RefundRequested')
      ) s
    ) paid on true
    -- What became of money that fitted, as its ticket says by now, but for what the gates say.
    left join lateral (
      select min(h.event_data ->> 'parkId') filter (where h.event_type = 'TicketHeld') as park_id,
        coalesce(bool_or(h.position <= k.position
          and (h.event_type = 'TicketActivated' and (h.event_data ->> 'paymentId')::uuid = k.payment_id
            or h.event_type = 'TicketMoved' and (h.event_data #>> '{difference,paymentId}')::uuid = k.payment_id)), false) as bought,
        bool_or(h.position <= k.position and h.event_type = 'TicketExpired') as over,
        bool_or(h.position <= k.position and h.event_type = 'TicketPaymentRefused'
          and (h.event_data ->> 'paymentId')::uuid = k.payment_id) as refused
      from store.event h
      where k.shift_id is null and h.aggregate_id = coalesce(k.ticket_id, paid.ticket_id)
        and (k.event_type in ('RefundRequested', 'TicketActivated', 'TicketMoved') or paid.park_id is null)
        and h.event_type in ('TicketHeld', 'TicketActivated', 'TicketMoved', 'TicketExpired', 'TicketPaymentRefused')
    ) ticket on true
    left join lateral (
      select o.event_data ->> 'parkId' as park_id
      from store.event o where o.aggregate_id = k.shift_id and o.event_version = 1 and o.event_type = 'ShiftOpened'
    ) shift on k.shift_id is not null
  ), moved as (
    select w.*, m.pair, m.debit, m.credit, m.sum
    from placed w
    cross join lateral (
      select case when w.is_misfit then 0 else least(w.captured, w.asked_before + w.amount) - least(w.captured, w.asked_before) end as own
    ) r
    cross join lateral (
      select 1, 'clearing:' || w.method, 'received', w.amount where w.event_type = 'PaymentSucceeded'
      union all
      select 1, case when w.d ->> 'currency' = 'KGS' then 'clearing:' || w.method else 'clearing:foreign' end, 'suspense', w.amount
        where w.event_type = 'PaymentMismatched'
      union all
      select 1, 'received', w.holder, (w.d ->> 'paidTyiyn')::numeric - least(w.asked_before, (w.d ->> 'paidTyiyn')::numeric)
        where w.event_type = 'TicketActivated' and w.payment_id is not null
      union all
      select 1, 'received', w.holder,
          (w.d #>> '{difference,paidTyiyn}')::numeric - least(w.asked_before, (w.d #>> '{difference,paidTyiyn}')::numeric)
        where w.event_type = 'TicketMoved'
      union all
      select 1, 'received', 'suspense', w.captured - least(w.asked_before, w.captured) where w.event_type = 'TicketPaymentRefused'
      union all
      select 1, w.holder, 'refunds_payable', r.own where w.event_type = 'RefundRequested'
      union all
      select 2, 'suspense', 'refunds_payable', w.amount - r.own where w.event_type = 'RefundRequested'
      union all
      select 1, 'refunds_payable', case when w.by_hand then 'clearing:by_hand' else 'clearing:' || w.method end, w.amount
        where w.event_type = 'RefundSucceeded'
      union all
      select 1, 'till', 'safe', (w.d ->> 'floatTyiyn')::numeric where w.event_type = 'ShiftOpened'
      union all
      select 1, 'till', 'clearing:cash', w.amount where w.event_type = 'CashTaken'
      union all
      select 1, 'clearing:by_hand', 'till', w.amount where w.event_type = 'CashPaidOut'
      union all
      select 1, 'safe', 'till', (w.d ->> 'countedTyiyn')::numeric where w.event_type = 'ShiftClosed'
      union all
      select 2, case when (w.d ->> 'differenceTyiyn')::numeric < 0 then 'cash_differences' else 'till' end,
          case when (w.d ->> 'differenceTyiyn')::numeric < 0 then 'till' else 'cash_differences' end,
          abs((w.d ->> 'differenceTyiyn')::numeric)
        where w.event_type = 'ShiftClosed'
    ) m(pair, debit, credit, sum)
  )
  insert into entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type, ticket_id, payment_id, refund_id,
    shift_id, reference)
  select m.position, 2 * m.pair + side.line, coalesce(side.account, 'clearing:unknown'), side.amount, m.day, m.booked_day, m.park_id,
    m.event_type, m.ticket_id, m.payment_id, m.refund_id, m.shift_id,
    case when side.account like 'clearing:%' then m.d ->> 'providerReference' end
  from moved m cross join lateral (values (-1, m.debit, m.sum), (0, m.credit, -m.sum)) side(line, account, amount)
  where m.sum > 0
  on conflict do nothing;
end $$;

-- As before. A sum, so that nobody looks through all positions up to an event's for the few of its ticket.
create or replace function ledger.book_visits(from_position bigint, to_position bigint) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  with ended as (
    select e.position, e.event_type, e.ticket_id, e.park_id, e.day, e.booked_day, case when e.event_type = 'TicketExpired' or not exists (
        select from store.event x where x.aggregate_id = e.ticket_id and x.event_type = 'TicketExpired' and x.position + 0 < e.position)
      then 'deferred_revenue' else 'revenue:no_show' end as held,
      case when e.event_type = 'TicketExpired' then 'revenue:no_show' else 'revenue' end as earned
    from (
      select position, event_type, ledger.booked_day(hlc) as booked_day, (event_data ->> 'ticketId')::uuid as ticket_id,
        coalesce(event_data ->> 'parkId', '') as park_id,
        coalesce((store.from_ms((event_data ->> 'scannedAtMs')::bigint) at time zone 'Asia/Bishkek')::date,
          (event_data ->> 'visitDate')::date) as day
      from store.event
      where position between from_position and to_position and event_type in ('PeopleAdmitted', 'TicketExpired')
    ) e
    left join first_admissions f on f.ticket_id = e.ticket_id
    where case when e.event_type = 'TicketExpired' then coalesce(f.position > e.position, true) else f.position = e.position end
  ), kept as (
    select e.*, (
      select coalesce(-sum(k.amount_tyiyn), 0) from entries k
      where k.ticket_id = e.ticket_id and k.position < e.position and k.account in ('deferred_revenue', 'revenue:no_show')
    ) as sum
    from ended e
  )
  insert into entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type, ticket_id)
  select k.position, side.line, side.account, side.amount, k.day, k.booked_day, k.park_id, k.event_type, k.ticket_id
  from kept k cross join lateral (values (1, k.held, k.sum), (2, k.earned, -k.sum)) side(line, account, amount)
  where k.sum > 0
  on conflict do nothing;
end $$;

create or replace function ledger.project_entries(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if 'PeopleAdmitted' = any(types) then
    insert into first_admissions (ticket_id, position)
    select distinct on (1) (event_data ->> 'ticketId')::uuid, position from store.event
    where position between from_position and to_position and event_type = 'PeopleAdmitted'
    order by 1, 2
    on conflict do nothing;
  end if;
  if types && array['PaymentSucceeded', 'PaymentMismatched', 'RefundRequested', 'RefundSucceeded', 'TicketActivated', 'TicketMoved',
      'TicketPaymentRefused', 'ShiftOpened', 'CashTaken', 'CashPaidOut', 'ShiftClosed'] then
    perform ledger.book_money(from_position, to_position);
  end if;
  if types && array['PeopleAdmitted', 'TicketExpired'] then
    perform ledger.book_visits(from_position, to_position);
  end if;
  if 'StatementBooked' = any(types) then
    perform ledger.book_statements(from_position, to_position);
  end if;
end $$;
