-- A process of a version that does not say whether the first factor was the password gives no fresh proof: one gives it once more.
alter table auth.factor_challenge alter column by_password set default false;
-- From before it was said, and five minutes old at most.
update auth.factor_challenge set by_password = false;
