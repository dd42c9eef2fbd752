create schema loyalty;
grant usage on schema loyalty to skypark_app;

create table loyalty.accounts (
  user_id uuid primary key,
  points integer not null check (points >= 0),
  version integer not null
) with (fillfactor = 80);
comment on column loyalty.accounts.points is 'Sum of the movements.';
comment on column loyalty.accounts.version is 'Version of the stream of points that this row shows.';

create table loyalty.movements (
  position bigint primary key,
  user_id uuid not null,
  kind text not null,
  points integer not null,
  ticket_id uuid not null,
  moved_at timestamptz not null,
  expires_at timestamptz not null
);
create index on loyalty.movements (user_id, position);

create table loyalty.tiers (
  name text primary key,
  minimum_points integer not null unique check (minimum_points >= 0),
  discount_percent smallint not null check (discount_percent between 0 and 100)
);
comment on table loyalty.tiers is 'Figures in force. minimum_points counts what was earned in the last 12 months.';

insert into loyalty.tiers (name, minimum_points, discount_percent) values
  ('beginner', 0, 0), ('explorer', 500, 3), ('adventurer', 2000, 5), ('champion', 5000, 10);

grant select on loyalty.accounts, loyalty.movements, loyalty.tiers to skypark_app;

create function loyalty.project_accounts(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  -- What an account holds already is not counted again: the version says up to where.
  insert into accounts as a (user_id, points, version)
  select (e.event_data ->> 'userId')::uuid, sum((e.event_data ->> 'points')::integer), max(e.event_version)
  from store.event e
  left join accounts known on known.user_id = (e.event_data ->> 'userId')::uuid
  where e.position between from_position and to_position and e.event_type = 'PointsEarned'
    and e.event_version > coalesce(known.version, 0)
  group by 1
  on conflict (user_id) do update set points = a.points + excluded.points, version = excluded.version;

  insert into movements (position, user_id, kind, points, ticket_id, moved_at, expires_at)
  select e.position, (d ->> 'userId')::uuid, 'earned', (d ->> 'points')::integer, (d ->> 'ticketId')::uuid,
    store.from_ms((d ->> 'earnedAtMs')::bigint), store.from_ms((d ->> 'expiresAtMs')::bigint)
  from store.event e cross join lateral (select e.event_data) as data(d)
  where e.position between from_position and to_position and e.event_type = 'PointsEarned'
  on conflict (position) do nothing;
end $$;
