-- Whether the first factor was the password, or a code by SMS: whoever has shown no password has given no fresh proof yet.
alter table auth.factor_challenge add column by_password boolean not null default true;
