-- Reading an instant as milliseconds and back goes by no setting, yet the parts that they are made of are stable only. As
-- `immutable` they could not be written out where they are used, and were called once a row instead: at every event that is
-- received, handed out or projected, for longer than the rest of its row took.
alter function store.to_ms(timestamptz) stable;
alter function store.from_ms(bigint) stable;

-- A session plans what it receives with once, perhaps while the tables are all but empty, and keeps the plan while a whole log
-- comes in: what was read through then would be read through at every segment, each time more of it. All there is to look for
-- has an index, here and in the read models that are told from here; to merge by it would read all of it too.
alter function store.receive set enable_seqscan = off;
alter function store.receive set enable_mergejoin = off;
