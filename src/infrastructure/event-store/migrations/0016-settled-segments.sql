-- A person decided about a segment that was kept apart. It stays as it came, and is not shown any more. What lists and counts say
-- stands beside it, so that nothing reads segments whole for them.

-- The table holds what went wrong and waits for a person: it is short enough to be written anew.
-- squawk-ignore adding-field-with-default
alter table store.quarantined_segment add column id uuid not null default gen_random_uuid();
-- Rises in the order in which they came.
-- squawk-ignore adding-serial-primary-key-field, adding-field-with-default
alter table store.quarantined_segment add column ordinal bigint not null generated always as identity;
alter table store.quarantined_segment add column node_id text not null default '';
alter table store.quarantined_segment add column last_seq bigint not null default 0;
alter table store.quarantined_segment add column types text[] not null default '{}';
alter table store.quarantined_segment add column bytes bigint not null default 0;
alter table store.quarantined_segment add column settled_at timestamptz;

update store.quarantined_segment set
  node_id = segment -> 'header' ->> 'nodeId', last_seq = (segment -> 'header' ->> 'last')::bigint,
  types = array(select distinct e ->> 'type' from json_array_elements(segment -> 'events') e order by 1),
  bytes = octet_length(segment::text);

-- squawk-ignore require-concurrent-index-creation
create unique index quarantined_segment_id on store.quarantined_segment (id);
-- squawk-ignore require-concurrent-index-creation
create index quarantined_segment_open on store.quarantined_segment (ordinal) where settled_at is null;

grant update (settled_at) on store.quarantined_segment to skypark_app;
