-- For lists of payments, newest first. A status is what staff see of it, with what went back: the same words as in
-- persistence/payments.ts. The rows of a node are indexed in a moment.
-- squawk-ignore require-concurrent-index-creation
create index on payment.payments (created_at, id);
-- squawk-ignore require-concurrent-index-creation
create index on payment.payments (park_id, created_at, id);
-- squawk-ignore require-concurrent-index-creation
create index on payment.payments ((
  case when status <> 'succeeded' or refunded <= misfit then status
    when refunded < misfit + amount then 'partially_refunded' else 'refunded' end
), created_at, id);
-- A method or a park that has few payments, or none yet, must not read those of all the others.
-- squawk-ignore require-concurrent-index-creation
create index on payment.payments (method, created_at, id);
