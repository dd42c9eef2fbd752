-- For the guest who wants to see what we wrote to them. The table holds the messages of a month.
-- squawk-ignore require-concurrent-index-creation
create index on notify.message (user_id, id);
