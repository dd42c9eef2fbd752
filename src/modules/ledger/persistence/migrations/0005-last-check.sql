-- What the daily check of the books found, so that every process can say it. Of checks before the last the log of the program tells.
create table ledger.last_check (
  is_only boolean primary key default true check (is_only),
  checked_at timestamptz not null,
  faults text[] not null
);
comment on column ledger.last_check.faults is 'In words; none when all is well.';
grant select, insert, update on ledger.last_check to skypark_app;
