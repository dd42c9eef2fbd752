-- The books: every event that moves money is one transaction of debits and credits that sums to zero. A read model of the log.
create schema ledger;
grant usage on schema ledger to skypark_app;

create table ledger.entries (
  position bigint not null,
  line smallint not null,
  account text not null,
  amount_tyiyn bigint not null check (amount_tyiyn <> 0),
  day date not null,
  park_id varchar(50) not null,
  event_type varchar(50) not null,
  ticket_id uuid,
  payment_id uuid,
  refund_id uuid,
  shift_id uuid,
  reference text,
  primary key (position, line)
);
comment on column ledger.entries.position is 'Of the event that is booked: its transaction. No event is booked twice.';
comment on column ledger.entries.amount_tyiyn is 'Above zero a debit, below zero a credit.';
comment on column ledger.entries.day is 'In the parks'' time: when it happened, of unused tickets the day of the visit.';
comment on column ledger.entries.park_id is 'Empty when nobody knows the park any more.';
comment on column ledger.entries.reference is 'How whoever moved the money names the movement.';
create index on ledger.entries (ticket_id, position) where account in ('deferred_revenue', 'revenue:no_show');
create index on ledger.entries (payment_id) where account in ('received', 'suspense');
create index on ledger.entries (account, reference) where reference is not null;
create index on ledger.entries (account, day) where reference is not null;

-- What the entries of a day add up to, so that no report has to read years of them.
create table ledger.totals (
  park_id varchar(50) not null,
  account text not null,
  day date not null,
  debit_tyiyn bigint not null,
  credit_tyiyn bigint not null,
  primary key (park_id, account, day)
) with (fillfactor = 70);
create index on ledger.totals (day);

-- When the first of a party came in: the streams of gates have names that only the program can make.
create table ledger.first_admissions (ticket_id uuid primary key, position bigint not null);
grant select on ledger.entries, ledger.totals, ledger.first_admissions to skypark_app;

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on % refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger append_only before update or delete or truncate on ledger.entries
  for each statement execute function ledger.refuse_change();

create function ledger.require_balance() returns trigger language plpgsql as $$
declare
  rest bigint;
begin
  execute format('select sum(amount_tyiyn) from %I.%I where position = $1', tg_table_schema, tg_table_name)
    into rest using new.position;
  if rest <> 0 then
    raise exception 'the entries of event % are % tyiyn out of balance', new.position, rest using errcode = 'check_violation';
  end if;
  return null;
end $$;

create constraint trigger balanced after insert on ledger.entries deferrable initially deferred
  for each row execute function ledger.require_balance();

-- Of money that came by a payment: what of it was asked back before a position. What did not fit goes back apart and is not
-- counted, nor is what was asked back before the payment succeeded.
create function ledger.asked_back(payment uuid, before bigint) returns numeric language sql stable as $$
  select coalesce(sum((r.event_data ->> 'amountTyiyn')::numeric), 0)
  from store.event r
  where r.aggregate_id = payment and r.event_type = 'RefundRequested' and r.position < before
    and r.position > (select s.position from store.event s where s.aggregate_id = payment and s.event_type = 'PaymentSucceeded')
    and not exists (
      select from store.event m
      where m.aggregate_id = payment and m.event_type = 'PaymentMismatched' and m.id::text = r.causation_id
    )
$$;

-- What became of money that fitted a payment, as its ticket had said before a position: the account that has it, but for what
-- the gates say.
create function ledger.bought(ticket uuid, payment uuid, before bigint) returns text language sql stable as $$
  select case
    when coalesce(bool_or(event_type = 'TicketActivated' and (event_data ->> 'paymentId')::uuid = payment
      or event_type = 'TicketMoved' and (event_data #>> '{difference,paymentId}')::uuid = payment), false)
      then case when bool_or(event_type = 'TicketExpired') then 'revenue:no_show' else 'deferred_revenue' end
    when bool_or(event_type = 'TicketPaymentRefused' and (event_data ->> 'paymentId')::uuid = payment) then 'suspense'
    else 'received' end
  from store.event
  where aggregate_id = ticket and position < before
    and event_type in ('TicketActivated', 'TicketMoved', 'TicketExpired', 'TicketPaymentRefused')
$$;

-- Money: everything but what visits and ended days earn. One plan serves all calls: making one takes longer than running it.
create function ledger.book_money(from_position bigint, to_position bigint) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  with told as (
    select e.position, e.id, e.event_type, e.causation_id, e.event_data as d,
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
  ), placed as (
    select k.*, intent.method, success.amount as captured,
      coalesce(k.d ->> 'parkId', intent.park_id, held.park_id, shift.park_id, '') as park_id
    from known k
    left join lateral (
      select i.event_data ->> 'method' as method, i.event_data ->> 'parkId' as park_id, (i.event_data ->> 'ticketId')::uuid as ticket_id
      from store.event i where i.aggregate_id = k.payment_id and i.event_type = 'PaymentIntended' limit 1
    ) intent on k.shift_id is null
    left join lateral (
      select h.event_data ->> 'parkId' as park_id
      from store.event h where h.aggregate_id = coalesce(k.ticket_id, intent.ticket_id) and h.event_type = 'TicketHeld' limit 1
    ) held on k.shift_id is null
    left join lateral (
      select o.event_data ->> 'parkId' as park_id
      from store.event o where o.aggregate_id = k.shift_id and o.event_type = 'ShiftOpened' limit 1
    ) shift on k.shift_id is not null
    left join lateral (
      select (s.event_data ->> 'amountTyiyn')::numeric as amount
      from store.event s where s.aggregate_id = k.payment_id and s.event_type = 'PaymentSucceeded' and s.position < k.position
    ) success on k.event_type in ('RefundRequested', 'TicketPaymentRefused')
  ), weighed as (
    select p.*,
      case when p.event_type in ('RefundRequested', 'TicketActivated', 'TicketMoved', 'TicketPaymentRefused')
        then ledger.asked_back(p.payment_id, p.position) else 0 end as asked_before,
      case when p.event_type in ('RefundRequested', 'TicketActivated', 'TicketMoved') then
        case when exists (select from first_admissions f where f.ticket_id = p.ticket_id and f.position < p.position)
            and ledger.bought(p.ticket_id, p.payment_id, p.position + 1) in ('deferred_revenue', 'revenue:no_show') then 'revenue'
          else ledger.bought(p.ticket_id, p.payment_id, p.position + 1) end end as holder,
      p.event_type = 'RefundRequested' and (p.captured is null or exists (
        select from store.event m
        where m.aggregate_id = p.payment_id and m.event_type = 'PaymentMismatched' and m.id::text = p.causation_id)) as is_misfit,
      p.event_type = 'RefundSucceeded' and exists (
        select from store.event f
        where f.aggregate_id = p.payment_id and f.event_type = 'RefundFailed' and f.position < p.position
          and (f.event_data ->> 'refundId')::uuid = p.refund_id) as by_hand
    from placed p
  ), moved as (
    select w.*, m.pair, m.debit, m.credit, m.sum
    from weighed w
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
  ), added as (
    insert into entries (position, line, account, amount_tyiyn, day, park_id, event_type, ticket_id, payment_id, refund_id, shift_id,
      reference)
    select m.position, 2 * m.pair + side.line, coalesce(side.account, 'clearing:unknown'), side.amount, m.day, m.park_id, m.event_type,
      m.ticket_id, m.payment_id, m.refund_id, m.shift_id, case when side.account like 'clearing:%' then m.d ->> 'providerReference' end
    from moved m cross join lateral (values (-1, m.debit, m.sum), (0, m.credit, -m.sum)) side(line, account, amount)
    where m.sum > 0
    on conflict do nothing
    returning park_id, account, day, amount_tyiyn
  )
  insert into totals as t (park_id, account, day, debit_tyiyn, credit_tyiyn)
  select park_id, account, day, sum(greatest(amount_tyiyn, 0)), sum(greatest(-amount_tyiyn, 0)) from added group by 1, 2, 3
  on conflict (park_id, account, day) do update
    set debit_tyiyn = t.debit_tyiyn + excluded.debit_tyiyn, credit_tyiyn = t.credit_tyiyn + excluded.credit_tyiyn;
end $$;

-- The first of a party comes in, or the day ends without anybody: what is still kept of the ticket's money is earned. Whoever
-- came in without anybody knowing takes it from those who did not come.
create function ledger.book_visits(from_position bigint, to_position bigint) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  with ended as (
    select e.position, e.event_type, e.ticket_id, e.park_id, e.day, case when e.event_type = 'TicketExpired' or not exists (
        select from store.event x where x.aggregate_id = e.ticket_id and x.event_type = 'TicketExpired' and x.position < e.position)
      then 'deferred_revenue' else 'revenue:no_show' end as held,
      case when e.event_type = 'TicketExpired' then 'revenue:no_show' else 'revenue' end as earned
    from (
      select position, event_type, (event_data ->> 'ticketId')::uuid as ticket_id, coalesce(event_data ->> 'parkId', '') as park_id,
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
  ), added as (
    insert into entries (position, line, account, amount_tyiyn, day, park_id, event_type, ticket_id)
    select k.position, side.line, side.account, side.amount, k.day, k.park_id, k.event_type, k.ticket_id
    from kept k cross join lateral (values (1, k.held, k.sum), (2, k.earned, -k.sum)) side(line, account, amount)
    where k.sum > 0
    on conflict do nothing
    returning park_id, account, day, amount_tyiyn
  )
  insert into totals as t (park_id, account, day, debit_tyiyn, credit_tyiyn)
  select park_id, account, day, sum(greatest(amount_tyiyn, 0)), sum(greatest(-amount_tyiyn, 0)) from added group by 1, 2, 3
  on conflict (park_id, account, day) do update
    set debit_tyiyn = t.debit_tyiyn + excluded.debit_tyiyn, credit_tyiyn = t.credit_tyiyn + excluded.credit_tyiyn;
end $$;

create function ledger.project_entries(from_position bigint, to_position bigint) returns void language plpgsql as $$
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
end $$;
