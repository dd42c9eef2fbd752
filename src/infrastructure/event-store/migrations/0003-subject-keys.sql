-- One key a person; everything personal about them, wherever it lies, is readable only with it.
create table store.subject_key (
  subject_id uuid primary key,
  -- AES-256-GCM under the master key: nonce (12 bytes), ciphertext (32), tag (16). Null once destroyed.
  wrapped bytea check (octet_length(wrapped) = 60),
  created_at timestamptz not null default now(),
  destroyed_at timestamptz,
  check ((wrapped is null) = (destroyed_at is not null))
);

grant select, insert, update on store.subject_key to skypark_app;
