-- Read models are called by a function that names them, written anew whenever the table of them changes. To look them up and call each
-- by a statement made on the spot cost a lone append a seventh of the server's time.

create function store.write_project() returns trigger
language plpgsql set search_path = store, pg_temp as $$
declare
  calls text;
begin
  select coalesce(string_agg(format(
      E'  if types && %L::text[] then\n    perform set_config(''search_path'', %L, true);\n    perform %s(first_position, last_position);\n  end if;\n',
      p.event_types, format('%I, store, pg_temp', p.schema_name), p.function_name
    ), '' order by p.name), '')
    into calls from store.projection p;
  calls := E'begin\n' || calls || 'end';
  -- Whoever starts registers what is there already: nothing to write, and nobody's plans are lost.
  if calls is distinct from (select f.prosrc from pg_proc f where f.oid = to_regproc('store.project')) then
    execute format(
      'create or replace function store.project(first_position bigint, last_position bigint, types text[]) returns void '
      'language plpgsql as %L', calls
    );
    execute 'revoke all on function store.project from public';
  end if;
  return null;
end $$;
revoke all on function store.write_project from public;

create trigger write_project after insert or update of schema_name, function_name, event_types or delete on store.projection
  for each statement execute function store.write_project();
-- Writes it for what is registered today.
delete from store.projection where false;

-- See the migration that made it first for its arguments and its answer.
create or replace function store.append(
  writer uuid, number bigint, voids bigint,
  now_ms bigint, streams uuid[], accounts text[], claim_scopes text[], claim_keys text[], owners uuid[], commands uuid[],
  ops bigint[], events jsonb, hashes bytea, event_types text[], check_ids boolean
) returns bigint[]
language plpgsql security definer
set search_path = store, pg_temp
-- A plan made for the arrays at hand would look cheaper and be made anew at every call, for longer than it runs.
set plan_cache_mode = force_generic_plan
-- What the trigger through_append of store.event asks for.
set skypark.appending = 'yes'
-- What was noted before by whoever calls counts for nothing.
set skypark.types_told = ''
as $$
declare
  node text;
  written_by uuid;
  last_position bigint;
  last_seq bigint;
  last_hlc bigint;
  last_link bytea;
  event_count integer := octet_length(hashes) / 32;
  versions integer[];
  balances bigint[];
  balances_read bigint[];
  balances_saved bigint[];
  holders uuid[];
  holders_read uuid[];
  holders_saved uuid[];
  command_first bigint[];
  command_last bigint[];
  stored_at bigint[];
  event_position bigint[] := array_fill(null::bigint, array[event_count]);
  event_version integer[] := array_fill(null::integer, array[event_count]);
  event_hlc bigint[] := array_fill(null::bigint, array[event_count]);
  event_link bytea[] := array_fill(null::bytea, array[event_count]);
  event_size integer[] := array_fill(null::integer, array[event_count]);
  refused_at integer[] := array_fill(null::integer, array[event_count]);
  any_refused boolean := false;
  repeated record;
  answer bigint[] := array_fill(0::bigint, array[cardinality(ops)]);
  accepted boolean := true;
  transferred boolean := false;
  claimed boolean := false;
  command bigint := 0;
  size integer := 0;
  first_position bigint;
  event_index integer := 0;
  at integer := -4;
  low bigint;
  high bigint;
  op_a bigint;
  op_b bigint;
  op_n bigint;
begin
  select h.node_id, h.incarnation, h.position, h.seq, h.hlc, h.link
    into strict node, written_by, last_position, last_seq, last_hlc, last_link
    from store.head h for update;
  first_position := last_position + 1;

  if voids > 0 then
    delete from store.voided_flush v where v.voided_at < now() - interval '1 day';
    insert into store.voided_flush as v (writer, number) values (append.writer, append.voids)
      on conflict on constraint voided_flush_pkey do update set number = excluded.number, voided_at = now();
  end if;
  if exists (select from store.voided_flush v where v.writer = append.writer and v.number >= append.number) then
    raise exception 'flush % was repeated since and must not be stored', number;
  end if;

  -- Look-ups are scalar subqueries, not joins: each is an index probe, whatever the planner believes of the tables' size.
  select array_agg(coalesce(
      (select e.event_version from store.event e where e.aggregate_id = s.id order by e.event_version desc limit 1), 0
    ) order by s.ord)
    into versions from unnest(streams) with ordinality s(id, ord);
  if cardinality(accounts) > 0 then
    select array_agg(coalesce((select c.balance from store.counter c where c.account = a.account), 0) order by a.ord)
      into balances from unnest(accounts) with ordinality a(account, ord);
    balances_read := balances;
  end if;
  if cardinality(claim_keys) > 0 then
    select array_agg((select c.owner from store.claim c where c.scope = k.scope and c.key = k.key) order by k.ord)
      into holders from unnest(claim_scopes, claim_keys) with ordinality k(scope, key, ord);
    holders_read := holders;
  end if;
  if cardinality(commands) > 0 then
    select array_agg((select e.position from store.event e where e.command_id = k.id) order by k.ord),
        array_agg((select e.position + e.append_size - 1 from store.event e where e.command_id = k.id) order by k.ord)
      into command_first, command_last from unnest(commands) with ordinality k(id, ord);
  end if;
  if check_ids then
    select array_agg(store.position_of(r.body, streams) order by r.ord)
      into stored_at from jsonb_array_elements(events) with ordinality r(body, ord);
  end if;

  for i in 0 .. cardinality(ops) / 4 - 1 loop
    op_a := ops[4 * i + 2];
    op_b := ops[4 * i + 3];
    case ops[4 * i + 1]
      when 1 then
        at := at + 4;
        accepted := true;
        transferred := false;
        claimed := false;
        command := op_a;
        size := op_b;
        if command > 0 and command_first[command] is not null then
          accepted := false;
          answer[at + 1] := 1;
          answer[at + 2] := command_first[command];
          answer[at + 3] := command_last[command];
        elsif check_ids then
          select min(p), max(p), count(p) into low, high, op_n
            from unnest(stored_at[event_index + 1 : event_index + size]) p;
          if op_n = size and low > 0 and high - low = size - 1 then
            accepted := false;
            answer[at + 1] := 1;
            answer[at + 2] := low;
            answer[at + 3] := high;
          elsif op_n > 0 then
            accepted := false;
            answer[at + 1] := 5;
          end if;
        end if;
        if accepted then
          answer[at + 2] := last_position + 1;
          answer[at + 3] := last_position + size;
        end if;
      when 2 then
        if accepted and not (op_b = -1 or op_b = versions[op_a] or (op_b = -2 and versions[op_a] > 0)) then
          accepted := false;
          answer[at + 1] := 2;
          answer[at + 2] := op_a;
          answer[at + 3] := versions[op_a];
        end if;
      when 3, 7 then
        if accepted then
          op_n := ops[4 * i + 4];
          if not transferred then
            transferred := true;
            balances_saved := balances;
          end if;
          if op_a > 0 then
            if ops[4 * i + 1] = 3 and balances[op_a] < op_n then
              accepted := false;
              answer[at + 1] := 3;
              answer[at + 2] := op_a;
              answer[at + 3] := greatest(balances_saved[op_a], 0);
            else
              balances[op_a] := balances[op_a] - op_n;
            end if;
          end if;
          if accepted and op_b > 0 then
            balances[op_b] := balances[op_b] + op_n;
          end if;
        end if;
      when 4 then
        if accepted then
          if not claimed then
            claimed := true;
            holders_saved := holders;
          end if;
          if op_b = 0 then
            holders[op_a] := null;
          elsif holders[op_a] is null or holders[op_a] = owners[op_b] then
            holders[op_a] := owners[op_b];
          else
            accepted := false;
            answer[at + 1] := 4;
            answer[at + 2] := op_a;
            answer[at + 3] := 0;
          end if;
        end if;
      when 5 then
        event_index := event_index + 1;
        event_size[event_index] := size;
        if not accepted then
          if answer[at + 1] between 2 and 4 then
            refused_at[event_index] := at;
            any_refused := true;
          end if;
        else
          last_position := last_position + 1;
          last_seq := last_seq + 1;
          last_hlc := greatest(last_hlc + 1, now_ms << 16);
          versions[op_a] := versions[op_a] + 1;
          last_link := sha256(
            '\x736b797061726b2f6c696e6b2f31'::bytea || last_link || uuid_send(written_by) || int8send(last_seq)
            || uuid_send(streams[op_a]) || int4send(versions[op_a]) || int8send(last_hlc) || int8send(op_b)
            || substring(hashes from 32 * event_index - 31 for 32)
          );
          event_position[event_index] := last_position;
          event_version[event_index] := versions[op_a];
          event_hlc[event_index] := last_hlc;
          event_link[event_index] := last_link;
          if command > 0 and command_first[command] is null then
            command_first[command] := last_position;
            command_last[command] := last_position + size - 1;
          end if;
        end if;
      when 6 then
        if accepted and answer[4 * op_a - 3] <> 0 then
          accepted := false;
          answer[at + 1] := 2;
          answer[at + 2] := op_b;
          answer[at + 3] := 0;
        end if;
      else
        raise exception 'unknown op %', ops[4 * i + 1];
    end case;
    if not accepted then
      if transferred then
        balances := balances_saved;
        transferred := false;
      end if;
      if claimed then
        holders := holders_saved;
        claimed := false;
      end if;
    end if;
  end loop;

  -- What was refused may be a repeat of what is stored: then it gets the first answer.
  if any_refused then
    for repeated in
      select r.at, min(r.position) as low, max(r.position) as high, count(r.position) as found, min(r.size) as size
        from (
          select r.at, r.size, store.position_of(events -> (r.ord - 1)::integer, streams) as position
            from unnest(refused_at, event_size) with ordinality r(at, size, ord) where r.at is not null
        ) r
        group by r.at having count(r.position) > 0
    loop
      if repeated.found = repeated.size and repeated.low > 0 and repeated.high - repeated.low = repeated.size - 1 then
        answer[repeated.at + 1] := 1;
        answer[repeated.at + 2] := repeated.low;
        answer[repeated.at + 3] := repeated.high;
      else
        answer[repeated.at + 1] := 5;
      end if;
    end loop;
  end if;

  if last_position < first_position then
    return answer[: at + 4];
  end if;

  insert into store.event (
    position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at, park_id,
    node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, causation_id, command_id, append_size, actor,
    schema_version
  )
  select event_position[r.ord], r.id, streams[r.s], r.a, r.t, r.d, event_version[r.ord], store.from_ms(now_ms),
    store.from_ms(r.o), r.p, node, written_by, last_seq - last_position + event_position[r.ord],
    event_hlc[r.ord], substring(hashes from (32 * r.ord - 31)::integer for 32), event_link[r.ord], r.co, r.ca, r.c,
    event_size[r.ord], r.ac, r.v
  from rows from (jsonb_to_recordset(events) as (
    id uuid, s integer, a text, t text, d jsonb, o bigint, p text, co text, ca text, c uuid, ac text, v smallint
  )) with ordinality as r(id, s, a, t, d, o, p, co, ca, c, ac, v, ord)
  where event_position[r.ord] is not null;

  if balances is distinct from balances_read then
    insert into store.counter (account, balance)
    select a.account, a.balance
      from unnest(accounts, balances, balances_read) a(account, balance, was)
      where a.balance <> a.was
      order by a.account
    on conflict (account) do update set balance = excluded.balance;
  end if;
  if holders is distinct from holders_read then
    delete from store.claim c using unnest(claim_scopes, claim_keys, holders, holders_read) k(scope, key, owner, was)
      where c.scope = k.scope and c.key = k.key and k.owner is distinct from k.was and k.was is not null;
    insert into store.claim (scope, key, owner)
      select k.scope, k.key, k.owner
        from unnest(claim_scopes, claim_keys, holders, holders_read) k(scope, key, owner, was)
        where k.owner is distinct from k.was and k.owner is not null;
  end if;

  update store.head h set position = last_position, seq = last_seq, hlc = last_hlc, link = last_link;

  -- Types of what was refused may be among them: then a read model looks for nothing that there is.
  perform set_config('skypark.types_told', (first_position || '-' || last_position || append.event_types)::text, true);
  perform store.project(first_position, last_position, append.event_types);

  perform pg_notify('skypark_event', last_position::text);
  return answer[: at + 4];
end $$;
