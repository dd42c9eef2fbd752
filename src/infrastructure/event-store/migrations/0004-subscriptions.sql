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
  -- How often it was handled in vain; 0 for an event that only waits behind another of its aggregate.
  attempts integer not null,
  parked_at timestamptz not null default now(),
  -- Somebody asked for another try; whoever reads for the subscription makes it.
  retry_wanted boolean not null default false,
  resolved_at timestamptz,
  primary key (subscription, position)
);
create index on store.parked_event (subscription, aggregate_id, position) where resolved_at is null;

grant select, insert, update on store.subscription, store.parked_event to skypark_app;
