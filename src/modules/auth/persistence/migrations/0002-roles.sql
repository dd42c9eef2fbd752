-- Staff roles; park_id null means all parks.
create table auth.role_grants (
  user_id uuid not null,
  role varchar(20) not null,
  park_id varchar(50),
  granted_at timestamptz not null,
  unique nulls not distinct (user_id, role, park_id)
);

-- When the roles of an account changed last.
create table auth.role_changes (
  user_id uuid primary key,
  changed_at timestamptz not null
);
create index on auth.role_changes (changed_at);
grant select on auth.role_grants, auth.role_changes to skypark_app;

create function auth.project_roles(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  -- Of several events about one role the last one counts.
  with last_event as (
    select distinct on (n.user_id, d.role, n.park_id) n.user_id, d.role, n.park_id, e.event_type, e.created_at
    from store.event e
    cross join lateral jsonb_to_record(e.event_data) as d("userId" uuid, role varchar(20), "parkId" varchar(50))
    cross join lateral (select d."userId", d."parkId") as n(user_id, park_id)
    where e.position between from_position and to_position and e.event_type in ('RoleGranted', 'RoleRevoked')
    order by n.user_id, d.role, n.park_id, e.position desc
  ), revoked as (
    delete from role_grants g using last_event l
    where l.event_type = 'RoleRevoked' and g.user_id = l.user_id and g.role = l.role
      and g.park_id is not distinct from l.park_id
  )
  insert into role_grants (user_id, role, park_id, granted_at)
  select user_id, role, park_id, created_at from last_event where event_type = 'RoleGranted'
  on conflict (user_id, role, park_id) do update set granted_at = excluded.granted_at;

  insert into role_changes (user_id, changed_at)
  select (e.event_data ->> 'userId')::uuid, max(e.created_at)
  from store.event e
  where e.position between from_position and to_position and e.event_type in ('RoleGranted', 'RoleRevoked')
  group by 1
  on conflict (user_id) do update set changed_at = greatest(role_changes.changed_at, excluded.changed_at);
end $$;
