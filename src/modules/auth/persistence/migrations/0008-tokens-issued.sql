-- The newest instant at which an access token was issued, to half a minute. What is noted while a clock was set back must be seen
-- by whoever looks at living tokens once it is right again, so it is never noted as earlier than the tokens that it is about.
create table auth.token_mark (
  only_row boolean primary key default true check (only_row),
  issued_at timestamptz not null
);
grant select, insert, update on auth.token_mark to skypark_app;

create function auth.after_tokens(at timestamptz) returns timestamptz language sql stable as
  'select greatest(at, (select issued_at from auth.token_mark))';

-- Whose roles were about to change, and when by that. The read model of roles knows only what the clock said.
create table auth.role_note (
  user_id uuid primary key,
  noted_at timestamptz not null
);
create index on auth.role_note (noted_at);
grant select, insert, update on auth.role_note to skypark_app;
