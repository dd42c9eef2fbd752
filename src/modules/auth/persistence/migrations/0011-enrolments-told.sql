-- Whether all that follows from an app that counts was done: other sessions ended, and it is in the log. False after a crash in between.
alter table auth.totp_factor add column is_told boolean not null default true;
