-- First answers of scans that let nobody pass, so that a repeat is answered the same. A refusal is an answer, not a
-- fact: there are no events of it, and no rebuild of the read models touches this table.
create table admission.refused_scans (
  scan_id uuid primary key,
  -- Null when the code led to no ticket.
  ticket_id uuid,
  outcome text not null,
  remaining smallint not null,
  refused_at timestamptz not null
);
comment on table admission.refused_scans is 'Scans that let nobody pass, with their first answer. A scan that counted goes before.';
grant select, insert on admission.refused_scans to skypark_app;
