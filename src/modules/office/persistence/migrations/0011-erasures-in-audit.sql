-- As before, but nobody's own sessions and own account are anybody's business: the trail tells when others ended them.
create or replace function office.project_audit(from_position bigint, to_position bigint) returns void language plpgsql as $$
begin
  insert into audit (position, at, actor, action, aggregate_type, aggregate_id, park_id, correlation_id, details)
  select e.position, e.occurred_at, e.actor, e.event_type, e.aggregate_type, e.aggregate_id,
    coalesce(e.park_id, e.event_data ->> 'parkId'), e.correlation_id, e.event_data
  from store.event e
  where e.position between from_position and to_position
    and e.event_type = any((select event_types from store.projection where name = 'office.audit')::text[])
    and (e.actor like 'user:%' or e.actor like 'device:%'
      or (e.actor = 'system' and e.correlation_id like 'cli-%' and e.causation_id is null))
    and (e.event_data ->> 'why') is distinct from 'guest'
    and not (e.event_type in ('SessionsEnded', 'UserErased') and e.actor = 'user:' || (e.event_data ->> 'userId'))
  on conflict (position) do nothing;
end $$;
