-- Due messages are found endpoint by endpoint, so that one with many waiting holds up no other. The rows of a month are
-- indexed in a moment.
-- squawk-ignore require-concurrent-index-creation
create index on office.webhook_delivery (endpoint_id, next_try_at) where next_try_at is not null;
-- squawk-ignore require-concurrent-index-deletion
drop index office.webhook_delivery_next_try_at_idx;
