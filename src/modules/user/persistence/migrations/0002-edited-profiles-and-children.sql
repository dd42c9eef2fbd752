-- migrate: breaking
-- How often something was edited, from 1: who edits says which version they saw.
alter table users.users add column version integer not null default 1;
alter table users.children add column version integer not null default 1;

-- Of a child that was removed only the row is left, so that hearing an old event again does not bring it back.
alter table users.children add column removed_at timestamptz;
-- A program of before would stumble over such a row.
-- squawk-ignore ban-drop-not-null
alter table users.children alter column name drop not null;
-- squawk-ignore ban-drop-not-null
alter table users.children alter column birth_date drop not null;

create or replace function users.project_users(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into users (id, phone, email, name, language, created_at, updated_at)
  select e.aggregate_id, e.event_data ->> 'phone', e.event_data ->> 'email', e.event_data ->> 'name',
    e.event_data ->> 'language', e.occurred_at, e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserRegistered'
  on conflict (id) do nothing;

  update users u set name = e.event_data ->> 'name', email = e.event_data ->> 'email',
    language = e.event_data ->> 'language', version = (e.event_data ->> 'version')::integer, updated_at = e.occurred_at
  from (
    select distinct on (aggregate_id) aggregate_id, event_data, occurred_at from store.event
    where position between from_position and to_position and event_type = 'ProfileChanged'
    order by aggregate_id, position desc
  ) e
  where u.id = e.aggregate_id and u.version < (e.event_data ->> 'version')::integer;

  insert into children (id, user_id, name, birth_date, gender, created_at)
  select (e.event_data ->> 'childId')::uuid, e.aggregate_id, e.event_data ->> 'name', e.event_data ->> 'birthDate',
    e.event_data ->> 'gender', e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'ChildAdded'
  on conflict (id) do nothing;

  update children c set name = e.event_data ->> 'name', birth_date = e.event_data ->> 'birthDate',
    gender = e.event_data ->> 'gender', version = (e.event_data ->> 'version')::integer
  from (
    select distinct on (event_data ->> 'childId') (event_data ->> 'childId')::uuid as child_id, event_data from store.event
    where position between from_position and to_position and event_type = 'ChildChanged'
    order by event_data ->> 'childId', position desc
  ) e
  where c.id = e.child_id and c.removed_at is null and c.version < (e.event_data ->> 'version')::integer;

  update children c set name = null, birth_date = null, gender = null, removed_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'ChildRemoved'
    and c.id = (e.event_data ->> 'childId')::uuid and c.removed_at is null;
end $$;
