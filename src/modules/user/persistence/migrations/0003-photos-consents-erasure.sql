-- migrate: breaking
alter table users.users add column phone_verified_at timestamptz;

-- Of an account that was erased only the row is left, so that hearing an old event again does not bring it back.
alter table users.users add column erased_at timestamptz;
-- squawk-ignore ban-drop-not-null
alter table users.users alter column phone drop not null;
-- squawk-ignore ban-drop-not-null
alter table users.users alter column name drop not null;

-- The sealed key of the picture's file, and the version of the account's stream that says so.
alter table users.children add column photo_key text;
alter table users.children add column photo_decided_at integer not null default 0;

-- What was agreed to, document by document; a version of null says that it no longer is.
create table users.consents (
  user_id uuid not null,
  document varchar(50) not null,
  version varchar(50),
  changed_at timestamptz not null,
  -- Version of the account's stream.
  decided_at integer not null,
  primary key (user_id, document)
);
grant select on users.consents to skypark_app;

create or replace function users.project_users(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into users (id, phone, email, name, language, created_at, updated_at)
  select e.aggregate_id, e.event_data ->> 'phone', e.event_data ->> 'email', e.event_data ->> 'name',
    e.event_data ->> 'language', e.occurred_at, e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserRegistered'
  on conflict (id) do nothing;

  -- Told by whoever sends codes.
  update users u set phone_verified_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PhoneVerified'
    and u.id = (e.event_data ->> 'userId')::uuid and u.phone_verified_at is null and u.erased_at is null;

  update users u set name = e.event_data ->> 'name', email = e.event_data ->> 'email',
    language = e.event_data ->> 'language', version = (e.event_data ->> 'version')::integer, updated_at = e.occurred_at
  from (
    select distinct on (aggregate_id) aggregate_id, event_data, occurred_at from store.event
    where position between from_position and to_position and event_type = 'ProfileChanged'
    order by aggregate_id, position desc
  ) e
  where u.id = e.aggregate_id and u.erased_at is null and u.version < (e.event_data ->> 'version')::integer;

  insert into consents as c (user_id, document, version, changed_at, decided_at)
  select distinct on (e.aggregate_id, d.document) e.aggregate_id, d.document, d.version, e.occurred_at, e.event_version
  from store.event e cross join lateral (
    select g ->> 'document' as document, g ->> 'version' as version
    from jsonb_array_elements(coalesce(e.event_data -> 'consents', e.event_data -> 'given')) g
    union all
    select w, null from jsonb_array_elements_text(e.event_data -> 'withdrawn') w
  ) d
  where e.position between from_position and to_position and e.event_type in ('UserRegistered', 'ConsentsChanged')
  order by e.aggregate_id, d.document, e.position desc
  on conflict (user_id, document) do update
    set version = excluded.version, changed_at = excluded.changed_at, decided_at = excluded.decided_at
    where c.decided_at < excluded.decided_at;

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

  update children c set photo_decided_at = e.event_version,
    photo_key = case e.event_type when 'ChildPhotoStored' then e.event_data ->> 'photoKey' end
  from (
    select distinct on (event_data ->> 'childId') (event_data ->> 'childId')::uuid as child_id, event_type, event_data, event_version
    from store.event
    where position between from_position and to_position and event_type in ('ChildPhotoStored', 'ChildPhotoRemoved')
    order by event_data ->> 'childId', position desc
  ) e
  where c.id = e.child_id and c.photo_decided_at < e.event_version;

  update children c set name = null, birth_date = null, gender = null, photo_key = null, removed_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'ChildRemoved'
    and c.id = (e.event_data ->> 'childId')::uuid and c.removed_at is null;

  update users u set phone = null, email = null, name = null, erased_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserErased'
    and u.id = e.aggregate_id and u.erased_at is null;

  update children c set name = null, birth_date = null, gender = null, photo_key = null, removed_at = e.occurred_at
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'UserErased'
    and c.user_id = e.aggregate_id and c.removed_at is null;
end $$;
