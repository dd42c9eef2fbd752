-- What a node could not handle by itself, as it told: a list of {subscription, events, sinceMs}.
alter table nodes.contact add column parked jsonb not null default '[]';
