create schema auth;
grant usage on schema auth to skypark_app;

create table auth.credential (
  user_id uuid primary key,
  -- Argon2id in PHC form, with its parameters and salt.
  password_hash text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
comment on table auth.credential is 'Secrets of accounts. A row without an account is left by a registration that did not end; it opens nothing.';

create table auth.session (
  id uuid primary key,
  user_id uuid not null,
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  generation integer not null,
  refreshed_at timestamptz not null,
  masked_token bytea check (octet_length(masked_token) = 32),
  revoked_at timestamptz,
  revoked_because text,
  check ((revoked_at is null) = (revoked_because is null))
);
comment on column auth.session.generation is 'Number of the newest refresh token: 1, 2, 3 …';
comment on column auth.session.masked_token is 'The newest refresh token, readable only with the one before it, for a repeat of a lost answer.';
create index on auth.session (user_id);
create index on auth.session (revoked_at) where revoked_at is not null;
create index on auth.session (expires_at);

-- Every refresh token a session ever had, so that an old one is known when it is shown again.
create table auth.refresh_token (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  session_id uuid not null references auth.session (id) on delete cascade,
  generation integer not null,
  unique (session_id, generation)
);

grant select, insert, update, delete on auth.credential, auth.session to skypark_app;
grant select, insert, delete on auth.refresh_token to skypark_app;
