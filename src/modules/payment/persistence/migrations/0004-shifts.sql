create table payment.shifts (
  id uuid primary key,
  park_id varchar(50) not null,
  cashier_id uuid not null,
  float decimal(14, 2) not null,
  taken decimal(14, 2) not null default 0,
  paid_out decimal(14, 2) not null default 0,
  -- Null while the shift is open.
  counted decimal(14, 2),
  opened_at timestamptz not null,
  closed_at timestamptz
);
create index on payment.shifts (park_id, opened_at, id);
create index on payment.shifts (park_id, cashier_id, opened_at, id);
grant select on payment.shifts to skypark_app;

create function payment.project_shifts(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into shifts (id, park_id, cashier_id, float, opened_at)
  select e.aggregate_id, d ->> 'parkId', (d ->> 'cashierId')::uuid, (d ->> 'floatTyiyn')::numeric / 100,
    store.from_ms((d ->> 'openedAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'ShiftOpened'
  on conflict (id) do nothing;

  update shifts s set
    taken = (
      select coalesce(sum((m.event_data ->> 'amountTyiyn')::numeric), 0) / 100 from store.event m
      where m.aggregate_id = s.id and m.position <= to_position and m.event_type = 'CashTaken'
    ),
    paid_out = (
      select coalesce(sum((m.event_data ->> 'amountTyiyn')::numeric), 0) / 100 from store.event m
      where m.aggregate_id = s.id and m.position <= to_position and m.event_type = 'CashPaidOut'
    )
  where s.id in (
    select aggregate_id from store.event
    where position between from_position and to_position and event_type in ('CashTaken', 'CashPaidOut')
  );

  update shifts s set counted = (e.event_data ->> 'countedTyiyn')::numeric / 100,
    closed_at = store.from_ms((e.event_data ->> 'closedAtMs')::bigint)
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'ShiftClosed' and s.id = e.aggregate_id;
end $$;
