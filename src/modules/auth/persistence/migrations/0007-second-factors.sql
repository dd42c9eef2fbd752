-- When and how the owner of a session last proved to be that. Null of sessions that were opened before this was noted: then when they were.
alter table auth.session add column authenticated_at timestamptz, add column is_two_factor boolean not null default false;

-- The authenticator app of an account; at the node of a park, of its staff.
create table auth.totp_factor (
  user_id uuid primary key,
  -- Sealed under the key of the account.
  secret text not null,
  begun_at timestamptz not null,
  -- Null until a code has shown that the app has the secret: before that nobody is asked for one.
  confirmed_at timestamptz,
  -- The number of the 30 seconds whose code was used last: neither it nor an older one counts again.
  used_step bigint not null
);

-- Codes that stand in for a lost device, each good once. The name tells one from another and is no secret.
create table auth.recovery_code (
  user_id uuid not null,
  name varchar(2) not null,
  -- Argon2id in PHC form, with its parameters and salt.
  code_hash text not null,
  primary key (user_id, name)
);

-- Whoever has shown a password, or a code by SMS, and not yet the second factor.
create table auth.factor_challenge (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  user_id uuid not null,
  -- Hash of the hash of the password then: with another password the challenge is worth nothing.
  witness bytea not null check (octet_length(witness) = 32),
  expires_at timestamptz not null,
  tries integer not null
);
create index on auth.factor_challenge (user_id);
create index on auth.factor_challenge (expires_at);

grant select, insert, update, delete on auth.totp_factor, auth.factor_challenge to skypark_app;
grant select, insert, delete on auth.recovery_code to skypark_app;
