-- Messages that were applied long ago go: they may hold more about a payer than we ever asked for. The rows of a node are
-- indexed in a moment.
-- squawk-ignore require-concurrent-index-creation
create index on payment.webhook_inbox (applied_at) where applied_at is not null;
grant delete on payment.webhook_inbox to skypark_app;
