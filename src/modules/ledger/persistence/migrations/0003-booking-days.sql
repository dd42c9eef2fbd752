-- Money that becomes known late is booked on the day on which it becomes known, so that no day that has ended changes any more.
-- Entries of before get their days from the log, when the read model is made anew.
drop trigger balanced on ledger.entries;
drop function ledger.require_balance();
alter table ledger.entries add column booked_day date not null default '1970-01-01';
alter table ledger.entries alter column booked_day drop default;
comment on column ledger.entries.day is 'In the parks'' time: when the money moved, of unused tickets the day of the visit.';
comment on column ledger.entries.booked_day is 'In the parks'' time: when the log was told. Never before that of an entry with a lower position.';

-- Its rows are made anew with the read model.
-- squawk-ignore ban-drop-table
drop table ledger.totals;
create table ledger.totals (
  park_id varchar(50) not null,
  account text not null,
  booked_day date not null,
  day date not null,
  debit_tyiyn bigint not null,
  credit_tyiyn bigint not null,
  primary key (park_id, account, booked_day, day)
) with (fillfactor = 70);
comment on table ledger.totals is 'What the entries add up to, by the day on which they were booked and the day on which the money moved.';
create index on ledger.totals (booked_day);
grant select on ledger.totals to skypark_app;

-- By the clock of the log, which never goes back: an event is told on no earlier day than the one before it.
create function ledger.booked_day(hlc bigint) returns date language sql immutable as $$
  select (store.from_ms(hlc >> 16) at time zone 'Asia/Bishkek')::date
$$;

-- Once a statement, for all the entries it has added: each transaction sums to zero, and the totals have what it moved.
create function ledger.add_up() returns trigger language plpgsql as $$
declare
  lame record;
begin
  select position, sum(amount_tyiyn) as rest into lame from added group by position having sum(amount_tyiyn) <> 0 limit 1;
  if found then
    raise exception 'the entries of event % are % tyiyn out of balance', lame.position, lame.rest using errcode = 'check_violation';
  end if;
  insert into totals as t (park_id, account, booked_day, day, debit_tyiyn, credit_tyiyn)
  select park_id, account, booked_day, day, sum(greatest(amount_tyiyn, 0)), sum(greatest(-amount_tyiyn, 0))
  from added group by 1, 2, 3, 4
  on conflict (park_id, account, booked_day, day) do update
    set debit_tyiyn = t.debit_tyiyn + excluded.debit_tyiyn, credit_tyiyn = t.credit_tyiyn + excluded.credit_tyiyn;
  return null;
end $$;

create trigger add_up after insert on ledger.entries referencing new table as added
  for each statement execute function ledger.add_up();

drop function ledger.asked_back(uuid, bigint);
drop function ledger.bought(uuid, uuid, bigint);

-- Money: everything but what visits and ended days earn. One plan serves all calls: making one takes longer than running it.
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
        where f.aggregate_id = k.payment_id and f.event_type = 'RefundFailed' and f.position < k.position
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
      from store.event o where o.aggregate_id = k.shift_id and o.event_type = 'ShiftOpened' limit 1
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

-- The first of a party comes in, or the day ends without anybody: what is still kept of the ticket's money is earned. Whoever
-- came in without anybody knowing takes it from those who did not come.
create or replace function ledger.book_visits(from_position bigint, to_position bigint) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  with ended as (
    select e.position, e.event_type, e.ticket_id, e.park_id, e.day, e.booked_day, case when e.event_type = 'TicketExpired' or not exists (
        select from store.event x where x.aggregate_id = e.ticket_id and x.event_type = 'TicketExpired' and x.position < e.position)
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

-- What a statement tells of money that no event of ours knows: what a provider kept and paid out, what it has beyond what is booked,
-- and what is given up. Amounts below zero take back what was booked before.
create function ledger.book_statements(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type)
  select e.position, 2 * m.number + side.line, side.account, side.amount, (m.item ->> 'day')::date, ledger.booked_day(e.hlc),
    m.item ->> 'parkId', e.event_type
  from store.event e
  cross join lateral jsonb_array_elements(e.event_data -> 'movements') with ordinality m(item, number)
  cross join lateral (select 'clearing:' || (e.event_data ->> 'method') as clearing, (m.item ->> 'amountTyiyn')::bigint as sum) a
  cross join lateral (values
    (-1, case m.item ->> 'kind' when 'fee' then 'provider_fees' when 'payout' then 'bank' else a.clearing end, a.sum),
    (0, case m.item ->> 'kind' when 'unexplained' then 'suspense' when 'written_off' then 'written_off' else a.clearing end, -a.sum)
  ) side(line, account, amount)
  where e.position between from_position and to_position and e.event_type = 'StatementBooked'
  on conflict do nothing;
end $$;

create or replace function ledger.project_entries(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := array(
    select distinct event_type from store.event where position between from_position and to_position
  );
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
