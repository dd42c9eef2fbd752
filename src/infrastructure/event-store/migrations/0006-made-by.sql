-- Which functions made the rows of a read model; null when that is not known. Rows that others made are rebuilt.
alter table store.projection add column made_by text;
