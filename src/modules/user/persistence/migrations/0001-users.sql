create schema users;
grant usage on schema users to skypark_app;

-- Names, numbers, addresses and birth dates are sealed texts: unreadable without the key of their account.
create table users.users (
  id uuid primary key,
  phone text not null,
  email text,
  name text not null,
  language varchar(2) not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table users.children (
  id uuid primary key,
  user_id uuid not null,
  name text not null,
  birth_date text not null,
  gender varchar(10),
  created_at timestamptz not null
);
create index on users.children (user_id);
grant select on users.users, users.children to skypark_app;

create function users.project_users(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into users (id, phone, email, name, language, created_at, updated_at)
  select e.aggregate_id, e.event_data ->> 'phone', e.event_data ->> 'email', e.event_data ->> 'name',
    e.event_data ->> 'language', e.occurred_at, e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserRegistered'
  on conflict (id) do nothing;

  insert into children (id, user_id, name, birth_date, gender, created_at)
  select (e.event_data ->> 'childId')::uuid, e.aggregate_id, e.event_data ->> 'name', e.event_data ->> 'birthDate',
    e.event_data ->> 'gender', e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'ChildAdded'
  on conflict (id) do nothing;
end $$;
