-- Codes of the app that were shown and did not count, since when such were first shown; a code that did is none of them.
alter table auth.totp_factor add column failed integer not null default 0, add column failed_since timestamptz;
