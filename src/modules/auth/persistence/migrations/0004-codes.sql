-- The newest one-time code of each number and purpose. Neither the number nor the code is here: both are keyed hashes.
create table auth.one_time_code (
  phone_index text not null,
  purpose varchar(10) not null,
  salt text not null,
  code_hash text not null,
  expires_at timestamptz not null,
  wrong_tries integer not null,
  primary key (phone_index, purpose)
);
create index on auth.one_time_code (expires_at);

-- Rights to set a new password, each good once.
create table auth.password_reset (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  user_id uuid not null,
  expires_at timestamptz not null
);
create index on auth.password_reset (user_id);
create index on auth.password_reset (expires_at);
grant select, insert, update, delete on auth.one_time_code to skypark_app;
grant select, insert, delete on auth.password_reset to skypark_app;

-- Accounts whose number was proven to be their owner's.
create table auth.verified_phones (
  user_id uuid primary key,
  verified_at timestamptz not null
);
grant select on auth.verified_phones to skypark_app;

create function auth.project_verified_phones(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into verified_phones (user_id, verified_at)
  select (e.event_data ->> 'userId')::uuid, min(e.created_at)
  from store.event e
  where e.position between from_position and to_position and e.event_type = 'PhoneVerified'
  group by 1
  on conflict (user_id) do update set verified_at = least(verified_phones.verified_at, excluded.verified_at);
end $$;
