create schema payment;
grant usage on schema payment to skypark_app;

create table payment.payments (
  id uuid primary key,
  ticket_id uuid not null,
  user_id uuid not null,
  amount decimal(10, 2) not null,
  method varchar(20) not null,
  -- pending, unknown, succeeded or failed; refunds are counted apart.
  status varchar(20) not null,
  provider_key uuid not null unique,
  external_id text,
  action jsonb,
  refunded decimal(10, 2) not null default 0,
  failure text,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index on payment.payments (ticket_id);
create index on payment.payments (created_at, id) where status in ('pending', 'unknown');

create table payment.refunds (
  id uuid primary key,
  payment_id uuid not null,
  amount decimal(10, 2) not null,
  reason text not null,
  status varchar(20) not null,
  requested_at timestamptz not null
);
create index on payment.refunds (payment_id);
grant select on payment.payments, payment.refunds to skypark_app;

-- Messages of providers as they came; not a read model, so it is never rebuilt.
create table payment.webhook_inbox (
  provider text not null,
  event_id text not null,
  received_at timestamptz not null,
  raw_body bytea not null,
  notice jsonb not null,
  applied_at timestamptz,
  note text,
  primary key (provider, event_id)
);
create index on payment.webhook_inbox (received_at) where applied_at is null;
grant select, insert, update on payment.webhook_inbox to skypark_app;

create function payment.project_payments(from_position bigint, to_position bigint) returns void language plpgsql as $$
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

  update payments p set failure = e.event_data ->> 'reason', status = case e.event_type
      when 'PaymentSucceeded' then 'succeeded'
      when 'PaymentOutcomeUnknown' then 'unknown'
      when 'PaymentActionIssued' then 'pending'
      else 'failed' end
  from (
    select distinct on (aggregate_id) aggregate_id, event_type, event_data from store.event
    where position between from_position and to_position and event_type in
      ('PaymentActionIssued', 'PaymentOutcomeUnknown', 'PaymentSucceeded', 'PaymentFailed', 'PaymentExpired')
    order by aggregate_id, position desc
  ) e
  where p.id = e.aggregate_id;

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
