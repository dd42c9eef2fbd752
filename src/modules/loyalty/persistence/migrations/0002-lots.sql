-- migrate: breaking
-- Points come and go now: an account says where they are, and lots say until when those that can be spent are good.
-- Written by the program version before: only what was earned, all of which can be spent.
alter table loyalty.accounts
  add column issued integer not null default 0,
  add column spent integer not null default 0,
  add column lapsed integer not null default 0,
  add column debt integer not null default 0;
update loyalty.accounts set issued = points;
-- Double entry: whatever moves points moves two of these, so the sum holds after every movement.
-- squawk-ignore constraint-missing-not-valid
alter table loyalty.accounts add constraint balanced check (issued = points + spent + lapsed - debt);
-- squawk-ignore constraint-missing-not-valid
alter table loyalty.accounts add constraint not_negative check (spent >= 0 and lapsed >= 0 and debt >= 0);
comment on column loyalty.accounts.points is 'What can be spent; points past their time are in it until their lapse is written.';
comment on column loyalty.accounts.issued is 'Earned less reversed.';
comment on column loyalty.accounts.spent is 'Reserved for tickets and not returned.';
comment on column loyalty.accounts.debt is 'Reversed points that the balance lacked; later earnings pay it first.';

create table loyalty.lots (
  user_id uuid not null,
  expires_at timestamptz not null,
  points integer not null check (points >= 0),
  primary key (user_id, expires_at)
);
comment on table loyalty.lots is 'What can be spent, by the moment from which on it counts no more.';
-- squawk-ignore require-concurrent-index-creation
create index on loyalty.lots (expires_at);
insert into loyalty.lots (user_id, expires_at, points)
  select user_id, expires_at, sum(points) from loyalty.movements group by 1, 2;
grant select on loyalty.lots to skypark_app;

-- squawk-ignore ban-drop-not-null
alter table loyalty.movements alter column ticket_id drop not null;
-- squawk-ignore ban-drop-not-null
alter table loyalty.movements alter column expires_at drop not null;
-- squawk-ignore adding-field-with-default
alter table loyalty.movements
  add column debt integer not null default 0,
  add column counts_until timestamptz;
update loyalty.movements set counts_until = expires_at;
comment on column loyalty.movements.debt is 'By how much the debt grew.';
comment on column loyalty.movements.counts_until is 'Until when it counts for the tier; null for what does not.';
-- squawk-ignore require-concurrent-index-creation
create index on loyalty.movements (ticket_id) where kind = 'reserved';

create function loyalty.movements_between(from_position bigint, to_position bigint)
returns table (
  "position" bigint, version integer, user_id uuid, kind text, ticket_id uuid, points integer, lots jsonb, sign integer,
  moved_at timestamptz, counts_until timestamptz
) language sql stable as $$
  select e.position, e.event_version, (d ->> 'userId')::uuid, k.kind, (d ->> 'ticketId')::uuid, (d ->> 'points')::integer,
    -- Before there were debts, all that was earned could be spent.
    coalesce(d -> 'lots', jsonb_build_array(jsonb_build_object('points', d -> 'points', 'expiresAtMs', d -> 'expiresAtMs'))),
    k.sign, store.from_ms((d ->> (k.kind || 'AtMs'))::bigint),
    store.from_ms((d ->> case k.kind when 'earned' then 'expiresAtMs' when 'reversed' then 'countsUntilMs' end)::bigint)
  from store.event e
  cross join lateral (select e.event_data) as data(d)
  join (values ('PointsEarned', 'earned', 1), ('PointsReserved', 'reserved', -1), ('PointsReturned', 'returned', 1),
    ('PointsReversed', 'reversed', -1), ('PointsLapsed', 'lapsed', -1)) as k(event_type, kind, sign)
    on k.event_type = e.event_type
  where e.position between from_position and to_position
    and e.event_type in ('PointsEarned', 'PointsReserved', 'PointsReturned', 'PointsReversed', 'PointsLapsed')
$$;

create or replace function loyalty.project_accounts(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into movements (position, user_id, kind, points, debt, ticket_id, moved_at, expires_at, counts_until)
  select m.position, m.user_id, m.kind, m.sign * m.points, lots.points - m.sign * m.points, m.ticket_id, m.moved_at,
    case when m.sign > 0 then lots.expires_at end, m.counts_until
  from loyalty.movements_between(from_position, to_position) m
  cross join lateral (
    select coalesce(sum(m.sign * (lot ->> 'points')::integer), 0) as points,
      store.from_ms(min((lot ->> 'expiresAtMs')::bigint)) as expires_at
    from jsonb_array_elements(m.lots) lot
  ) lots
  on conflict (position) do nothing;

  insert into accounts (user_id, points, version)
  select distinct m.user_id, 0, 0 from loyalty.movements_between(from_position, to_position) m
  on conflict (user_id) do nothing;

  -- What an account holds already is not counted again: its version says up to where.
  insert into lots (user_id, expires_at, points)
  select distinct m.user_id, store.from_ms((lot ->> 'expiresAtMs')::bigint), 0
  from loyalty.movements_between(from_position, to_position) m
  join accounts a on a.user_id = m.user_id and a.version < m.version
  cross join lateral jsonb_array_elements(m.lots) lot
  on conflict (user_id, expires_at) do nothing;

  update lots l set points = l.points + change.points
  from (
    select m.user_id, store.from_ms((lot ->> 'expiresAtMs')::bigint) as expires_at, sum(m.sign * (lot ->> 'points')::integer) as points
    from loyalty.movements_between(from_position, to_position) m
    join accounts a on a.user_id = m.user_id and a.version < m.version
    cross join lateral jsonb_array_elements(m.lots) lot
    group by 1, 2
  ) change
  where l.user_id = change.user_id and l.expires_at = change.expires_at;

  delete from lots l using (
    select distinct m.user_id from loyalty.movements_between(from_position, to_position) m
  ) moved
  where l.user_id = moved.user_id and l.points = 0;

  update accounts a set points = a.points + change.points, issued = a.issued + change.issued, spent = a.spent + change.spent,
    lapsed = a.lapsed + change.lapsed, debt = a.debt + change.debt, version = change.version
  from (
    select m.user_id, max(m.version) as version,
      sum(m.points + m.debt) as points,
      coalesce(sum(m.points) filter (where m.kind in ('earned', 'reversed')), 0) as issued,
      -coalesce(sum(m.points) filter (where m.kind in ('reserved', 'returned')), 0) as spent,
      -coalesce(sum(m.points) filter (where m.kind = 'lapsed'), 0) as lapsed,
      sum(m.debt) as debt
    from (
      select b.user_id, b.version, b.kind, moved.points, moved.debt
      from loyalty.movements_between(from_position, to_position) b
      join movements moved on moved.position = b.position
    ) m
    join accounts known on known.user_id = m.user_id and known.version < m.version
    group by 1
  ) change
  where a.user_id = change.user_id;
end $$;
