-- As before, in fewer steps: the newest event of a stream is looked up once, whatever comes of it, authors are found by what is narrow,
-- and what types are told of is known without reading them again.
create or replace function store.receive(
  now_ms bigint, previous_link bytea,
  nodes text[], incarnations uuid[], seqs bigint[], hlcs bigint[], links bytea, hashes bytea, ids uuid[], streams uuid[],
  versions integer[], aggregate_types text[], event_types text[], event_data jsonb[], occurred_ms bigint[], recorded_ms bigint[],
  parks text[], correlations text[], causations text[], commands uuid[], append_sizes smallint[], actors text[],
  schema_versions smallint[],
  header jsonb, signature text,
  peer text, feed_in uuid, feed_at bigint, feed_by bytea, acked_in uuid, acked_at bigint, acked_by bytea, contact_ms bigint
) returns jsonb
language plpgsql security definer
set search_path = store, pg_temp
-- As in store.append: a plan for the arrays at hand would be made anew at every call, for longer than it runs.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_mergejoin = off
-- Of two indexes of a table the planner would read one from its beginning, to be told which of a few rows count.
set enable_bitmapscan = off
set skypark.types_told = ''
-- What the trigger through_append of store.event asks for.
set skypark.appending = 'yes'
as $$
declare
  -- A clock further ahead than this is not followed; the same number as in kernel/crdt/hybrid-clock.ts.
  most_ahead_ms constant bigint := 300000;
  beginning constant bytea := sha256(convert_to('skypark/log/1', 'UTF8'));
  own store.head;
  author record;
  held store.author;
  known bytea[];
  bases integer[];
  foreign_at integer;
  segments jsonb := case when receive.header is null then '[]'::jsonb when receive.signature is null then receive.header
    else jsonb_build_array(jsonb_build_object('first', seqs[1], 'last', seqs[cardinality(seqs)],
      'header', receive.header, 'signature', receive.signature)) end;
  stored_of jsonb;
  is_known boolean := false;
  fresh bigint;
  found_seq bigint;
  found_link bytea;
  positions bigint[];
  local_versions integer[];
  last_position bigint;
  seen_hlc bigint;
  projection record;
begin
  select * into strict own from store.head for update;

  -- The newest of a stream is looked up once, however many of its events come.
  select array_agg(coalesce(n.event_version, 0) order by r.ord), min(r.ord) filter (where n.node_id <> r.node)
    into bases, foreign_at
    from unnest(streams, nodes) with ordinality r(stream, node, ord)
    join (
      select s.stream, e.event_version, e.node_id from (select distinct unnest(streams) as stream) s
      left join lateral (
        select e.event_version, e.node_id from store.event e where e.aggregate_id = s.stream order by e.event_version desc limit 1
      ) e on true
    ) n on n.stream = r.stream;
  if previous_link is not null and foreign_at is not null then
    return (
      select jsonb_build_object('outcome', 'foreign_stream', 'seq', seqs[foreign_at], 'writer', e.node_id)
        from store.event e where e.aggregate_id = streams[foreign_at] order by e.event_version desc limit 1
    );
  end if;

  for author in
    select r.incarnation, min(r.node) as node, max(r.node) as other_node, min(r.seq) as first_seq, max(r.seq) as last_seq
      from unnest(incarnations, nodes, seqs) r(incarnation, node, seq) group by r.incarnation order by min(r.seq)
  loop
    select * into held from store.author a where a.incarnation = author.incarnation;
    if author.incarnation = own.incarnation then
      held.seq := own.seq;
      held.whole_to := own.seq;
    end if;
    if author.node <> author.other_node or held.node_id <> author.node then
      raise exception 'incarnation % belongs to %, not to %', author.incarnation, coalesce(held.node_id, author.other_node), author.node;
    end if;
    if author.last_seq > held.closed_seq then
      return jsonb_build_object('outcome', 'closed', 'seq', held.closed_seq, 'link', encode(held.closed_link, 'hex'));
    end if;
    is_known := is_known or author.first_seq <= held.seq or author.incarnation = own.incarnation;
    if previous_link is not null and author.first_seq > coalesce(held.whole_to, 0) + 1 then
      return jsonb_build_object('outcome', 'gap', 'expected', coalesce(held.whole_to, 0) + 1);
    end if;
  end loop;

  if previous_link is not null then
    select min(r.seq) into found_seq
      from unnest(incarnations, seqs, streams, versions, hlcs, occurred_ms)
        with ordinality r(incarnation, seq, stream, version, hlc, at, ord)
      where store.link(
          case when r.ord = 1 then previous_link else substring(links from (32 * r.ord - 63)::integer for 32) end,
          r.incarnation, r.seq, r.stream, r.version, r.hlc, r.at, substring(hashes from (32 * r.ord - 31)::integer for 32)
        ) <> substring(links from (32 * r.ord - 31)::integer for 32);
    if seqs[1] = 1 and previous_link <> beginning then
      found_seq := 1;
    end if;
    if found_seq is not null then
      return jsonb_build_object('outcome', 'broken_chain', 'seq', found_seq);
    end if;
    if seqs[1] > 1 then
      select e.link into found_link from store.event e where e.incarnation = incarnations[1] and e.seq = seqs[1] - 1;
      if found_link is distinct from previous_link then
        return jsonb_build_object('outcome', 'fork', 'seq', seqs[1] - 1);
      end if;
    end if;
  end if;

  if is_known then
    select array_agg((select e.link from store.event e where e.incarnation = r.incarnation and e.seq = r.seq) order by r.ord)
      into known from unnest(incarnations, seqs) with ordinality r(incarnation, seq, ord);
    select r.seq into found_seq
      from unnest(incarnations, seqs, known) with ordinality r(incarnation, seq, link, ord)
      -- Nobody but this node writes in its current incarnation.
      where r.link <> substring(links from (32 * r.ord - 31)::integer for 32)
        or (r.link is null and r.incarnation = own.incarnation)
      order by r.ord limit 1;
    if found_seq is not null then
      return jsonb_build_object('outcome', 'fork', 'seq', found_seq);
    end if;
  end if;

  -- Where the new ones go. The narrow columns alone, so that nothing wide is sorted.
  select array_agg(r.position order by r.ord), array_agg(r.version::integer order by r.ord), count(r.position), max(r.position),
      max(r.hlc) filter (where r.position is not null and (r.hlc >> 16) <= now_ms + most_ahead_ms)
    into positions, local_versions, fresh, last_position, seen_hlc
    from (
      select s.ord, s.hlc, case when s.is_new then own.position + count(*) filter (where s.is_new) over (order by s.ord) end as position,
        case when s.is_new then bases[s.ord] + count(*) filter (where s.is_new) over (partition by s.stream order by s.ord)
          end as version
        from (
          select r.stream, r.hlc, r.ord, known is null or known[r.ord] is null as is_new
            from unnest(streams, hlcs) with ordinality r(stream, hlc, ord)
        ) s
    ) r;

  if fresh > 0 then
    begin
      insert into store.event (
        position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at, park_id,
        node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, causation_id, command_id, append_size, actor,
        schema_version, origin_version, origin_command_id
      )
      select r.position, r.id, r.stream, r.aggregate_type, r.event_type, r.data, r.local_version, store.from_ms(r.recorded),
        store.from_ms(r.occurred), r.park, r.node, r.incarnation, r.seq, r.hlc,
        substring(hashes from (32 * r.ord - 31)::integer for 32), substring(links from (32 * r.ord - 31)::integer for 32),
        r.correlation, r.causation,
        -- What this node did in a former life is done; another node's command is none of its own.
        case when r.command is not null and r.node = own.node_id
          and not exists (select from store.event e where e.command_id = r.command) then r.command end,
        r.append_size, r.actor, r.schema_version, nullif(r.version, r.local_version), r.command
      from unnest(
        positions, local_versions, nodes, incarnations, seqs, hlcs, ids, streams, versions, aggregate_types, event_types,
        event_data, occurred_ms, recorded_ms, parks, correlations, causations, commands, append_sizes, actors, schema_versions
      ) with ordinality r(
        position, local_version, node, incarnation, seq, hlc, id, stream, version, aggregate_type, event_type,
        data, occurred, recorded, park, correlation, causation, command, append_size, actor, schema_version, ord
      )
      where r.position is not null;
    exception when unique_violation then
      select r.seq into found_seq
        from unnest(seqs, ids, incarnations, commands, positions) with ordinality r(seq, id, incarnation, command, position, ord)
        where r.position is not null and (
          exists (select from store.event e where e.id = r.id)
          or exists (select from store.event e where e.incarnation = r.incarnation and e.origin_command_id = r.command)
          or exists (
            select from unnest(ids, incarnations, commands) with ordinality s(id, incarnation, command, ord)
            where s.ord < r.ord and (s.id = r.id or (s.incarnation = r.incarnation and s.command = r.command))
          )
        )
        order by r.ord limit 1;
      if found_seq is null then
        raise;
      end if;
      return jsonb_build_object('outcome', 'id_reused', 'seq', found_seq);
    end;

    insert into store.author as a (incarnation, node_id, seq, link, whole_to)
    select r.incarnation, r.node, r.seq, substring(links from (32 * r.ord - 31)::integer for 32),
        case when previous_link is null then 0 else r.seq end
      from (
        select (max(array[r.seq, r.ord]))[2] as ord from unnest(incarnations, seqs) with ordinality r(incarnation, seq, ord)
        group by r.incarnation
      ) newest
      cross join lateral (
        select newest.ord, incarnations[newest.ord] as incarnation, nodes[newest.ord] as node, seqs[newest.ord] as seq
      ) r
    on conflict (incarnation) do update set
      seq = greatest(a.seq, excluded.seq),
      link = case when excluded.seq > a.seq then excluded.link else a.link end,
      whole_to = greatest(a.whole_to, excluded.whole_to);

    update store.head h set position = last_position, hlc = greatest(own.hlc, seen_hlc);

    insert into store.segment as s (incarnation, first_seq, last_seq, header, signature)
    select incarnations[1], r.first, r.last, r.header, r.signature
      from jsonb_to_recordset(segments) r(first bigint, last bigint, header jsonb, signature text)
    on conflict (incarnation, first_seq) do update set
      last_seq = excluded.last_seq, header = excluded.header, signature = excluded.signature
      where s.last_seq < excluded.last_seq;
    if jsonb_array_length(segments) > 1 then
      select jsonb_agg(cardinality(array_remove(
          positions[(r.first - seqs[1] + 1)::integer : (r.last - seqs[1] + 1)::integer], null)) order by r.first)
        into stored_of from jsonb_to_recordset(segments) r(first bigint, last bigint);
    end if;

    perform set_config('skypark.types_told',
      ((own.position + 1) || '-' || last_position || array(select distinct unnest(receive.event_types)))::text, true);
    for projection in
      select p.schema_name, p.function_name from store.projection p where p.event_types && receive.event_types
    loop
      perform set_config('search_path', format('%I, store, pg_temp', projection.schema_name), true);
      execute format('select %s($1, $2)', projection.function_name) using own.position + 1, last_position;
    end loop;
    perform set_config('search_path', 'store, pg_temp', true);
    perform pg_notify('skypark_event', last_position::text);
  end if;

  if peer is not null then
    perform store.note_peer(peer, feed_in, feed_at, feed_by, acked_in, acked_at, acked_by, contact_ms);
  end if;
  if fresh = 0 then
    -- A chain over events that came singly before makes them whole.
    if previous_link is not null then
      update store.author a set whole_to = seqs[cardinality(seqs)]
        where a.incarnation = incarnations[1] and a.whole_to < seqs[cardinality(seqs)];
    end if;
    return jsonb_build_object('outcome', 'already_stored', 'lastPosition', own.position);
  end if;
  return jsonb_build_object('outcome', 'stored', 'stored', fresh, 'lastPosition', last_position, 'storedOf', stored_of);
end $$;
