-- The passkeys of an account, at headquarters alone.
create table auth.passkey (
  id uuid primary key,
  user_id uuid not null,
  -- Keyed hash of the id that its authenticator gave it: no two accounts have the same.
  credential_index text not null unique,
  -- That id, the public key and the name that its owner gave it, sealed under the key of the account.
  sealed text not null,
  -- The highest that the authenticator has told; 0 of those that do not count.
  counter bigint not null,
  created_at timestamptz not null,
  used_at timestamptz,
  -- As of an app: whether all that follows from its addition was done.
  is_told boolean not null
);
create index on auth.passkey (user_id);

-- What a passkey is to sign, once and soon.
create table auth.passkey_challenge (
  -- The sign-in, or the session and what it wants: of each the newest challenge counts alone.
  occasion varchar(100) primary key,
  user_id uuid not null,
  challenge varchar(64) not null,
  expires_at timestamptz not null
);
create index on auth.passkey_challenge (user_id);
create index on auth.passkey_challenge (expires_at);

grant select, insert, update, delete on auth.passkey, auth.passkey_challenge to skypark_app;
