-- What staff did. Which events count is what the program registers for this read model.
create table office.audit (
  position bigint primary key,
  at timestamptz not null,
  actor text not null,
  action varchar(50) not null,
  aggregate_type varchar(50) not null,
  aggregate_id uuid not null,
  park_id varchar(50),
  correlation_id text not null,
  details jsonb not null
);
create index on office.audit (actor, position);
create index on office.audit (park_id, position);
create index on office.audit (aggregate_id, position);
create index on office.audit (action, position);
grant select on office.audit to skypark_app;

-- What guests do with what is their own is no business of the audit trail.
create function office.project_audit(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into audit (position, at, actor, action, aggregate_type, aggregate_id, park_id, correlation_id, details)
  select e.position, e.occurred_at, e.actor, e.event_type, e.aggregate_type, e.aggregate_id,
    coalesce(e.park_id, e.event_data ->> 'parkId'), e.correlation_id, e.event_data
  from store.event e
  where e.position between from_position and to_position
    and e.event_type = any((select event_types from store.projection where name = 'office.audit')::text[])
    and (e.actor like 'user:%' or e.actor like 'device:%')
    and (e.event_data ->> 'why') is distinct from 'guest'
  on conflict (position) do nothing;
end $$;
