-- The same list is told every half a minute. What it said last need not be looked through, nor written, again.
alter table auth.staff_list add column digest text;
comment on column auth.staff_list.digest is 'Of the list and its version, under a key of this node. Of another version or null: not known, so the next list is looked through.';
