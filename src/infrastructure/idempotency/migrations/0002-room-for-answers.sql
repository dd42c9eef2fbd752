-- A key is written twice: when it is claimed, and when its answer is known, which is ten times as long. Where its page has room for the
-- answer no index is written again.
alter table http.idempotency set (fillfactor = 10);
