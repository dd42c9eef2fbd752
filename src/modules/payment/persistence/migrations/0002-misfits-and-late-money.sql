-- migrate: breaking
-- What came that does not fit: it is owed back besides the price. Wider than a price, since nobody asked for it.
alter table payment.payments add column misfit decimal(14, 2) not null default 0;
-- More digits before the point rewrite nothing.
-- squawk-ignore changing-column-type
alter table payment.payments alter column refunded type decimal(14, 2);
-- squawk-ignore changing-column-type
alter table payment.refunds alter column amount type decimal(14, 2);

-- For asking about late money. The rows of a node are indexed in a moment.
-- squawk-ignore require-concurrent-index-creation
create index on payment.payments (expires_at, id) where status = 'failed' and misfit = 0;

-- One event id may come with several contents; each is a message of its own. Only what a provider sent in a few weeks is
-- here, in small rows, so the locks below are short.
-- squawk-ignore adding-field-with-default
alter table payment.webhook_inbox add column body_sha256 bytea not null generated always as (sha256(raw_body)) stored;
alter table payment.webhook_inbox drop constraint webhook_inbox_pkey;
-- squawk-ignore adding-serial-primary-key-field, constraint-missing-not-valid
alter table payment.webhook_inbox add primary key (provider, event_id, body_sha256);

-- Tries that failed, and when the next one is due.
alter table payment.webhook_inbox add column attempts integer not null default 0;
alter table payment.webhook_inbox add column next_try_at timestamptz not null default 'epoch';
-- squawk-ignore require-concurrent-index-creation
create index on payment.webhook_inbox (next_try_at, received_at) where applied_at is null;
-- squawk-ignore require-concurrent-index-deletion
drop index payment.webhook_inbox_received_at_idx;

create or replace function payment.project_payments(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into payments (id, ticket_id, user_id, amount, method, status, provider_key, created_at, expires_at)
  select e.aggregate_id, (d ->> 'ticketId')::uuid, (d ->> 'userId')::uuid, (d ->> 'amountTyiyn')::numeric / 100, d ->> 'method',
    'pending', (d ->> 'providerKey')::uuid, store.from_ms((d ->> 'intendedAtMs')::bigint), store.from_ms((d ->> 'expiresAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'PaymentIntended'
  on conflict (id) do nothing;

  update payments p set external_id = e.event_data ->> 'externalId', action = e.event_data -> 'action'
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PaymentActionIssued' and p.id = e.aggregate_id;

  -- Nothing takes a success back; of other events the last one counts.
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

  update payments p set misfit = (
    select coalesce(sum((m.event_data ->> 'amountTyiyn')::numeric), 0) / 100 from store.event m
    where m.aggregate_id = p.id and m.position <= to_position and m.event_type = 'PaymentMismatched'
      and m.event_data ->> 'why' <> 'told_differently'
  )
  where p.id in (
    select aggregate_id from store.event where position between from_position and to_position and event_type = 'PaymentMismatched'
  );

  insert into refunds (id, payment_id, amount, reason, status, requested_at)
  select (d ->> 'refundId')::uuid, e.aggregate_id, (d ->> 'amountTyiyn')::numeric / 100, d ->> 'reason', 'requested',
    store.from_ms((d ->> 'requestedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'RefundRequested'
  on conflict (id) do nothing;

  update refunds r set status = case e.event_type when 'RefundSucceeded' then 'succeeded' else 'manual' end
  from (
    select distinct on (refund_id) (event_data ->> 'refundId')::uuid as refund_id, event_type from store.event
    where position between from_position and to_position and event_type in ('RefundSucceeded', 'RefundFailed')
    order by refund_id, position desc
  ) e
  where r.id = e.refund_id;

  update payments p set refunded = (
    select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = p.id and r.status = 'succeeded'
  )
  where p.id in (
    select aggregate_id from store.event where position between from_position and to_position and event_type = 'RefundSucceeded'
  );
end $$;
