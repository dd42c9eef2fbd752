-- What statements tell of money that no event of ours knows, so that it can be booked.
alter table ledger.statements
  add column reading jsonb,
  add column lines integer not null default 0,
  add column faults integer not null default 0,
  add column found jsonb not null default '{}';
comment on column ledger.statements.reading is 'By which columns and words its lines were read; null while they are being written.';
comment on column ledger.statements.found is 'Differences of the last comparison by verdict.';

alter table ledger.statement_lines
  add column kind varchar(10) not null default 'movement',
  add column told_at timestamptz;
comment on column ledger.statement_lines.kind is 'A movement, which is a payment or a refund, or a payout to our bank.';

alter table ledger.differences
  add column day date,
  add column of_park varchar(50) not null default '',
  add column told_fee_tyiyn bigint,
  add column agreed_fee_tyiyn bigint,
  add column holds boolean not null default true;
comment on column ledger.differences.of_park is 'Whose money it is; empty when nobody can tell.';
comment on column ledger.differences.holds is 'Whether the last comparison found it: a resolved one stays when it is none any more.';

-- What lines say that differ in nothing, so that booking does not have to read a million of them.
create table ledger.statement_sums (
  statement_id uuid not null references ledger.statements,
  kind varchar(20) not null,
  park_id varchar(50) not null,
  day date not null,
  amount_tyiyn bigint not null,
  primary key (statement_id, kind, park_id, day)
);
grant select, insert, delete on ledger.statement_sums to skypark_app;
grant update on ledger.differences to skypark_app;
grant delete on ledger.statements to skypark_app;

update ledger.statements s set
  lines = (select count(*) from ledger.statement_lines l where l.statement_id = s.id),
  faults = (select count(*) from ledger.statement_faults f where f.statement_id = s.id);
