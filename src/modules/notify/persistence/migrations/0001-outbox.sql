create schema notify;
grant usage on schema notify to skypark_app;

-- Messages to guests. Address and text are one sealed text under the key of the receiver.
create table notify.message (
  id uuid primary key,
  user_id uuid not null,
  kind text not null,
  channel text not null,
  letter text not null,
  created_at timestamptz not null,
  attempts smallint not null default 0,
  next_try_at timestamptz,
  sent_at timestamptz,
  error text
);
comment on column notify.message.next_try_at is 'Null once it was sent, dropped or given up.';
create index on notify.message (next_try_at) where next_try_at is not null;
create index on notify.message (created_at);
grant select, insert, update, delete on notify.message to skypark_app;
