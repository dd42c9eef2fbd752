-- When backups succeeded last, told by the scripts that make them: nobody else knows whether a timer still runs.
create table store.backup (
  kind varchar(20) primary key check (kind in ('base', 'erasures')),
  made_at timestamptz not null
);
comment on column store.backup.kind is 'A checked base backup with its subject keys, or the list of erased subjects.';
grant select on store.backup to skypark_app;
