-- Copies of a node are heard beside it: each process of it has a row of its own, in each life of the log that it wrote in.
alter table nodes.contact
  add column process uuid not null default '00000000-0000-0000-0000-000000000000',
  add column follows uuid not null default '00000000-0000-0000-0000-000000000000',
  add column first_at timestamptz not null default now(),
  add column is_copy boolean not null default false;
comment on column nodes.contact.process is 'What one start of the node''s program calls itself; all zeros: an older program, which does not say.';
comment on column nodes.contact.follows is 'The life that goes on as far as headquarters knows: the same one, or the one that this one says it stands in place of.';
comment on column nodes.contact.is_copy is 'Another process of the node ran before this one and was heard after it.';
-- There is a row for each node, and nobody waits for it.
-- squawk-ignore constraint-missing-not-valid, disallowed-unique-constraint, adding-serial-primary-key-field
alter table nodes.contact drop constraint contact_pkey, add primary key (node_id, incarnation, process);
grant delete on nodes.contact to skypark_app;
