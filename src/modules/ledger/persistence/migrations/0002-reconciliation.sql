-- Statements of providers, as they were imported, and how they differ from the books. What others say is no event of ours, so
-- lines are kept as they came; that somebody imported them, and what somebody said of a difference, is in the log.
create table ledger.statements (
  id uuid primary key,
  method varchar(20) not null,
  park_id varchar(50),
  from_day date not null,
  to_day date not null,
  fee_basis_points integer check (fee_basis_points between 0 and 10000),
  file_sha256 bytea not null,
  imported_at timestamptz not null,
  unique nulls not distinct (method, park_id, file_sha256)
);
comment on column ledger.statements.park_id is 'Null for an account of all parks.';
comment on column ledger.statements.fee_basis_points is 'What the provider takes of a payment by contract, in hundredths of a percent; null when fees are not looked at.';

create table ledger.statement_lines (
  statement_id uuid not null references ledger.statements,
  number integer not null,
  reference text not null,
  amount_tyiyn bigint not null check (amount_tyiyn <> 0),
  fee_tyiyn bigint,
  day date,
  primary key (statement_id, number)
);
comment on column ledger.statement_lines.amount_tyiyn is 'Above zero a payment, below zero a refund.';
create index on ledger.statement_lines (reference);

create table ledger.statement_faults (
  statement_id uuid not null references ledger.statements,
  number integer not null,
  fault text not null,
  primary key (statement_id, number)
);
comment on table ledger.statement_faults is 'Lines that could not be read.';

create table ledger.differences (
  entry bigint generated always as identity primary key,
  id uuid not null unique,
  statement_id uuid not null references ledger.statements,
  number integer,
  verdict varchar(20) not null,
  reference text not null,
  told_tyiyn bigint,
  booked_tyiyn bigint,
  payment_id uuid,
  suggested_payment_id uuid
);
comment on column ledger.differences.id is 'Made of the statement and the line, or the event, so that a comparison made again finds the same ones.';
create index on ledger.differences (statement_id);
grant select, insert, update on ledger.statements to skypark_app;
grant select, insert, delete on ledger.statement_lines, ledger.statement_faults, ledger.differences to skypark_app;

-- A UUID of version 8, the one for makers of their own.
create function ledger.difference_id(statement uuid, what text) returns uuid language sql immutable as $$
  select overlay(overlay(md5(statement::text || what) placing '8' from 13) placing 'a' from 17)::uuid
$$;

create table ledger.resolutions (
  difference_id uuid primary key,
  resolution varchar(40) not null,
  note text,
  resolved_by text not null,
  resolved_at timestamptz not null
);
comment on column ledger.resolutions.note is 'In the words of who resolved it; a sealed text.';
grant select on ledger.resolutions to skypark_app;

create function ledger.project_resolutions(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into resolutions (difference_id, resolution, note, resolved_by, resolved_at)
  select e.aggregate_id, d ->> 'resolution', d ->> 'note', e.actor, store.from_ms((d ->> 'resolvedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'DifferenceResolved'
  on conflict (difference_id) do nothing;
end $$;
