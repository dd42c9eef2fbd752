-- The conditions of store.project are planned for a search path. Left as the read model before wanted it, it differed with the kinds of
-- events of a flush, and each flush of other kinds than the one before planned most conditions anew.

create or replace function store.write_project() returns trigger
language plpgsql set search_path = store, pg_temp as $$
declare
  calls text;
begin
  select coalesce(string_agg(format(
      E'  if types && %L::text[] then\n    perform set_config(''search_path'', %L, true);\n    perform %s(first_position, last_position);\n'
      '    perform set_config(''search_path'', ''store, pg_temp'', true);\n  end if;\n',
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

-- Writes it for what is registered today.
delete from store.projection where false;
