-- As before; the types that are told are looked for once for all read models, and no statement without its own.
create or replace function payment.project_payments(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['PaymentIntended'] then
    insert into payments (id, ticket_id, user_id, park_id, amount, method, status, provider_key, created_at, expires_at)
    select e.aggregate_id, (d ->> 'ticketId')::uuid, (d ->> 'userId')::uuid, d ->> 'parkId', (d ->> 'amountTyiyn')::numeric / 100, d ->> 'method',
      'pending', (d ->> 'providerKey')::uuid, store.from_ms((d ->> 'intendedAtMs')::bigint), store.from_ms((d ->> 'expiresAtMs')::bigint)
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'PaymentIntended'
    on conflict (id) do nothing;
  end if;

  if types && array['PaymentActionIssued'] then
    update payments p set external_id = e.event_data ->> 'externalId', action = e.event_data -> 'action'
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'PaymentActionIssued' and p.id = e.aggregate_id;
  end if;

  -- Nothing takes a success back; of other events the last one counts.
  if types && array['PaymentActionIssued', 'PaymentOutcomeUnknown', 'PaymentSucceeded', 'PaymentMismatched', 'PaymentFailed', 'PaymentExpired'] then
    update payments p set failure = coalesce(e.event_data ->> 'reason', e.event_data ->> 'why'), status = case e.event_type
        when 'PaymentSucceeded' then 'succeeded'
        when 'PaymentOutcomeUnknown' then 'unknown'
        when 'PaymentActionIssued' then 'pending'
        else 'failed' end
    from (
      select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
      where position between from_position and to_position and event_type in
        ('PaymentActionIssued', 'PaymentOutcomeUnknown', 'PaymentSucceeded', 'PaymentMismatched', 'PaymentFailed', 'PaymentExpired')
      order by aggregate_id, event_type = 'PaymentSucceeded' desc, position desc
    ) e
    where p.id = e.aggregate_id and p.status <> 'succeeded';
  end if;

  if types && array['PaymentMismatched'] then
    update payments p set misfit = (
      select coalesce(sum((m.event_data ->> 'amountTyiyn')::numeric), 0) / 100 from store.event m
      where m.aggregate_id = p.id and m.position <= to_position and m.event_type = 'PaymentMismatched'
        and m.event_data ->> 'why' <> 'told_differently'
    )
    where p.id in (
      select aggregate_id from store.event where position between from_position and to_position and event_type = 'PaymentMismatched'
    );
  end if;

  if types && array['RefundRequested'] then
    insert into refunds (id, payment_id, park_id, amount, reason, note, status, requested_at)
    select (d ->> 'refundId')::uuid, e.aggregate_id, p.park_id, (d ->> 'amountTyiyn')::numeric / 100, d ->> 'reason', d ->> 'note', 'requested',
      store.from_ms((d ->> 'requestedAtMs')::bigint)
    from store.event e cross join lateral (select e.event_data) as data(d) join payments p on p.id = e.aggregate_id
    where e.position between from_position and to_position and e.event_type = 'RefundRequested'
    on conflict (id) do nothing;
  end if;

  if types && array['RefundSubmitted', 'RefundOutcomeUnknown', 'RefundSucceeded', 'RefundFailed'] then
    update refunds r set submitted_at = store.from_ms((e.event_data ->> 'submittedAtMs')::bigint)
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'RefundSubmitted'
      and r.id = (e.event_data ->> 'refundId')::uuid and r.payment_id = e.aggregate_id;

    -- Nothing takes a payout back; of other events the last one counts.
    update refunds r set
      failure = e.event_data ->> 'reason',
      reference = e.event_data ->> 'providerReference',
      status = case e.event_type
        when 'RefundSucceeded' then 'succeeded'
        when 'RefundFailed' then 'manual'
        when 'RefundOutcomeUnknown' then 'unknown'
        else 'submitted' end
    from (
      select distinct on (aggregate_id, refund_id) aggregate_id, (event_data ->> 'refundId')::uuid as refund_id, event_type, event_data
      from store.event
      where position between from_position and to_position
        and event_type in ('RefundSubmitted', 'RefundOutcomeUnknown', 'RefundSucceeded', 'RefundFailed')
      order by aggregate_id, refund_id, event_type = 'RefundSucceeded' desc, position desc
    ) e
    where r.id = e.refund_id and r.payment_id = e.aggregate_id and r.status <> 'succeeded';

    update payments p set refunded = (
      select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = p.id and r.status = 'succeeded'
    )
    where p.id in (
      select aggregate_id from store.event where position between from_position and to_position and event_type = 'RefundSucceeded'
    );
  end if;
end $$;

create or replace function payment.project_shifts(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  types text[] := store.types_told(from_position, to_position);
begin
  if types && array['ShiftOpened'] then
    insert into shifts (id, park_id, cashier_id, float, opened_at)
    select e.aggregate_id, d ->> 'parkId', (d ->> 'cashierId')::uuid, (d ->> 'floatTyiyn')::numeric / 100,
      store.from_ms((d ->> 'openedAtMs')::bigint)
    from store.event e cross join lateral (select e.event_data) as data(d)
    where e.position between from_position and to_position and e.event_type = 'ShiftOpened'
    on conflict (id) do nothing;
  end if;

  if types && array['CashTaken', 'CashPaidOut'] then
    update shifts s set taken = m.taken, paid_out = m.paid_out
    from (
      select aggregate_id, coalesce(sum((event_data ->> 'amountTyiyn')::numeric) filter (where event_type = 'CashTaken'), 0) / 100 as taken,
        coalesce(sum((event_data ->> 'amountTyiyn')::numeric) filter (where event_type = 'CashPaidOut'), 0) / 100 as paid_out
      from store.event
      where position <= to_position and event_type in ('CashTaken', 'CashPaidOut') and aggregate_id in (
        select aggregate_id from store.event
        where position between from_position and to_position and event_type in ('CashTaken', 'CashPaidOut')
      )
      group by aggregate_id
    ) m
    where s.id = m.aggregate_id;
  end if;

  if types && array['ShiftClosed'] then
    update shifts s set counted = (e.event_data ->> 'countedTyiyn')::numeric / 100,
      closed_at = store.from_ms((e.event_data ->> 'closedAtMs')::bigint)
    from store.event e
    where e.position between from_position and to_position and e.event_type = 'ShiftClosed' and s.id = e.aggregate_id;
  end if;
end $$;
