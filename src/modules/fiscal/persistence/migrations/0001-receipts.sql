create schema fiscal;
grant usage on schema fiscal to skypark_app;

-- Money that moved before there were fiscal receipts has none.
create table fiscal.start (position bigint not null);
insert into fiscal.start select coalesce(max(position), 0) from store.event;
grant select on fiscal.start to skypark_app;

-- Receipts that are wanted, one for each payment that succeeded and one for each refund that is out.
create table fiscal.receipt (
  entry bigint generated always as identity primary key,
  id uuid not null unique,
  kind varchar(10) not null,
  payment_id uuid not null,
  refund_id uuid,
  ticket_id uuid not null,
  park_id varchar(50) not null,
  total_tyiyn bigint not null check (total_tyiyn >= 0),
  is_cash boolean not null,
  register varchar(40) not null,
  document jsonb,
  created_at timestamptz not null,
  attempts integer not null default 0,
  next_try_at timestamptz,
  outcome varchar(20),
  error text,
  unique nulls not distinct (payment_id, refund_id)
);
comment on column fiscal.receipt.id is 'Made of the payment''s or the refund''s; the register''s key of the receipt.';
comment on column fiscal.receipt.refund_id is 'Null for a sale.';
comment on column fiscal.receipt.register is 'Number of the fiscal module that is asked, always the same one.';
comment on column fiscal.receipt.document is 'What it is asked for, fixed before the first call; null when nothing is to be issued.';
comment on column fiscal.receipt.next_try_at is 'Infinite while a return waits for the receipt of its sale; null once there is an outcome.';
comment on column fiscal.receipt.outcome is 'Null while it is to be issued.';
create index on fiscal.receipt (register, next_try_at) where next_try_at is not null;
create index on fiscal.receipt (payment_id) where next_try_at = 'infinity';
create index on fiscal.receipt (created_at) where next_try_at is not null;
create index on fiscal.receipt (outcome, entry);
grant select, insert, update on fiscal.receipt to skypark_app;

-- Shifts of registers that we opened and have not closed.
create table fiscal.shift (
  register varchar(40) primary key,
  opened_on date,
  is_doubted boolean not null default false,
  busy_until timestamptz not null
);
comment on column fiscal.shift.opened_on is 'In the parks'' time; null when none is open, as far as we know.';
comment on column fiscal.shift.is_doubted is 'A receipt was refused since, and the shift may be why.';
comment on column fiscal.shift.busy_until is 'Until then one process alone opens or closes it.';
grant select, insert, update on fiscal.shift to skypark_app;

create table fiscal.issued (
  receipt_id uuid primary key,
  kind varchar(10) not null,
  payment_id uuid not null,
  refund_id uuid,
  ticket_id uuid not null,
  total_tyiyn bigint not null,
  fn_number text not null,
  fd_number text not null,
  fiscal_sign text not null,
  register_number text not null,
  tin text not null,
  operation_type text not null,
  local_time text not null,
  url text not null,
  is_test boolean not null,
  issued_at timestamptz not null
);
comment on column fiscal.issued.local_time is 'By the clock of the register.';
create index on fiscal.issued (payment_id);
grant select on fiscal.issued to skypark_app;

create function fiscal.project_issued(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into issued (receipt_id, kind, payment_id, refund_id, ticket_id, total_tyiyn, fn_number, fd_number, fiscal_sign,
    register_number, tin, operation_type, local_time, url, is_test, issued_at)
  select e.aggregate_id, d ->> 'kind', (d ->> 'paymentId')::uuid, (d ->> 'refundId')::uuid, (d ->> 'ticketId')::uuid,
    (d ->> 'totalTyiyn')::bigint, d ->> 'fnNumber', d ->> 'fdNumber', d ->> 'fiscalSign', d ->> 'registerNumber', d ->> 'tin',
    d ->> 'operationType', d ->> 'localTime', d ->> 'url', (d ->> 'isTest')::boolean, store.from_ms((d ->> 'recordedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'FiscalReceiptIssued'
  on conflict (receipt_id) do nothing;
end $$;
