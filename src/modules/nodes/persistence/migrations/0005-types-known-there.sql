-- Of a node that was heard before this was asked nothing is known; its next hello tells.
-- squawk-ignore adding-field-with-default
alter table nodes.contact add column knows_same_types boolean not null default true;
comment on column nodes.contact.knows_same_types is 'Whether its program knows the same types of events as that of headquarters.';
