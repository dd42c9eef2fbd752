-- Reading an instant as milliseconds and back goes by no setting, yet the parts that they are made of are stable only. As
-- `immutable` they could not be written out where they are used, and were called once a row instead: at every event that is
-- received, handed out or projected, for longer than the rest of its row took.
alter function store.to_ms(timestamptz) stable;
alter function store.from_ms(bigint) stable;
