-- Staff search all tickets, the latest visit first: of all parks, and by status.
-- squawk-ignore require-concurrent-index-creation
create index on booking.tickets (visit_date, id);
-- squawk-ignore require-concurrent-index-creation
create index on booking.tickets (status, visit_date, id);
