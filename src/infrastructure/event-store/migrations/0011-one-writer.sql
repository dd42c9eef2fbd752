-- A stream has one writer for ever, also when its events come from elsewhere: a node that is not the writer of a stream that is
-- known here could otherwise say what it likes of it.

-- The first event of a stream whose newest event here another node wrote; null when there is none. Holds the head of the log, so
-- that nobody appends between this and store.receive in the same transaction.
create function store.foreign_stream(nodes text[], seqs bigint[], streams uuid[]) returns jsonb
language plpgsql security definer
set search_path = store, pg_temp
set plan_cache_mode = force_generic_plan
-- As in store.receive: a plan made while the log is all but empty must do for a long one.
set enable_seqscan = off
set enable_mergejoin = off
as $$
declare
  found record;
begin
  perform from store.head for update;
  select r.seq, newest.node_id into found
    from (
      select s.stream, s.node, min(s.seq) as seq from unnest(streams, nodes, seqs) s(stream, node, seq) group by s.stream, s.node
    ) r
    cross join lateral (
      select e.node_id from store.event e where e.aggregate_id = r.stream order by e.event_version desc limit 1
    ) newest
    where newest.node_id <> r.node
    order by r.seq limit 1;
  if found.seq is null then
    return null;
  end if;
  return jsonb_build_object('outcome', 'foreign_stream', 'seq', found.seq, 'writer', found.node_id);
end $$;

revoke all on function store.foreign_stream from public;
grant execute on function store.foreign_stream to skypark_app;
