-- Due messages are found channel by channel, so that one that hangs holds up no other. The rows of a month are indexed in a
-- moment.
-- squawk-ignore require-concurrent-index-creation
create index on notify.message (channel, next_try_at) where next_try_at is not null;
-- squawk-ignore require-concurrent-index-deletion
drop index notify.message_next_try_at_idx;
