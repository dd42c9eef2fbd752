-- What the program that signed in called itself, cut short: for the owner's list of sessions.
alter table auth.session add column user_agent text;
