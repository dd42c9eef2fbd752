-- At the node of a park: its staff, as headquarters says. Who is on the list no more keeps a row without anything personal, so that
-- tokens that still live are told of it.
create table auth.staff_cards (
  user_id uuid primary key,
  phone_index text unique,
  -- Phone, name and language, sealed under a key of the account that this node has made.
  person text,
  password_hash text,
  roles text[] not null,
  changed_at timestamptz not null
);
create index on auth.staff_cards (changed_at);

-- Which list that is, and when headquarters was heard of last. One row, none before the first list.
create table auth.staff_list (
  only_row boolean primary key default true check (only_row),
  incarnation uuid not null,
  position bigint not null,
  heard_at timestamptz not null
);
grant select, insert, update on auth.staff_cards, auth.staff_list to skypark_app;
