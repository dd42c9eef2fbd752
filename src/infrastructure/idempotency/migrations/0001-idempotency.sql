create schema http;
grant usage on schema http to skypark_app;

-- Answers by idempotency key. `scope` is SHA-256 over principal, route and key. While status is null the request is running.
create table http.idempotency (
  scope bytea primary key,
  fingerprint text not null,
  claimed_at timestamptz not null,
  status smallint,
  body text,
  headers jsonb
);
create index on http.idempotency (claimed_at);
grant select, insert, update, delete on http.idempotency to skypark_app;
