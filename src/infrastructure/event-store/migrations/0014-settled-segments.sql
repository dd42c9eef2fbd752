-- A person decided about a segment that was kept apart. It stays as it came, and is not shown any more.
alter table store.quarantined_segment add column settled_at timestamptz;

grant update (settled_at) on store.quarantined_segment to skypark_app;
