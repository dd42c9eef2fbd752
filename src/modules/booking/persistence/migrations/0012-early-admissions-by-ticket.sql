-- As before, but by the tickets that were told of: a plan that was made while there were hardly any early admissions went through
-- all of them at every sale, and a park that is away for long leaves many.
create or replace function booking.take_over_early_admissions(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  told_of uuid[] := array(
    select e.aggregate_id from store.event e
    where e.position between from_position and to_position and e.event_type = 'TicketHeld'
  );
begin
  with told as (
    delete from early_admissions early where early.ticket_id = any(told_of)
    returning early.ticket_id, early.used_at, early.remaining
  )
  update tickets t set used_at = told.used_at, remaining = told.remaining,
    status = case when told.used_at is null then t.status else 'used' end
  from told where t.id = told.ticket_id;
end $$;
