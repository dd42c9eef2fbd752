-- Whose number a code was sent to, so that the codes of an account go with it; null when nobody has the number.
alter table auth.one_time_code add column user_id uuid;
-- The table holds the codes of minutes.
-- squawk-ignore require-concurrent-index-creation
create index on auth.one_time_code (user_id) where user_id is not null;
