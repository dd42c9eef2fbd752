-- Where each reader of the log is, and which process reads for it now.
create table store.subscription (
  name text primary key,
  position bigint not null default 0,
  -- Rises with every change of owner; a checkpoint with an older fence is refused.
  fence bigint not null default 0,
  owner text,
  leased_until timestamptz not null default '-infinity'
) with (fillfactor = 50);

-- Events a subscription could not handle, kept for a person; later events of the same aggregate wait behind them.
create table store.parked_event (
  subscription text not null references store.subscription,
  position bigint not null references store.event,
  aggregate_id uuid not null,
  error text not null,
  attempts integer not null,
  parked_at timestamptz not null default now(),
  resolved_at timestamptz,
  primary key (subscription, position)
);
create index on store.parked_event (subscription, aggregate_id) where resolved_at is null;

grant select, insert, update on store.subscription, store.parked_event to skypark_app;
