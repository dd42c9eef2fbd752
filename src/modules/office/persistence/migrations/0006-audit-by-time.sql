-- A window of time long ago is found without reading all that came since.
-- squawk-ignore require-concurrent-index-creation
create index on office.audit (at);
