-- A refusal is forgotten after a month; by then a repeat of its scan lets nobody in by its age alone.
-- squawk-ignore require-concurrent-index-creation
create index on admission.refused_scans (refused_at);
grant delete on admission.refused_scans to skypark_app;
