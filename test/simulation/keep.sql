-- Rows of a whole database put aside within it and put back, many times a minute: nothing is created, and connections stay warm.
create schema simulation;

create table simulation.sequence (slot text, name regclass, last_value bigint, is_called boolean, primary key (slot, name));

-- Makes room for the rows of every table and the functions simulation."keep SLOT"() and simulation."put back SLOT"().
create procedure simulation.make_room(slot text) language plpgsql as $$
declare
  one record;
  kept text := '';
  put_back text := '';
begin
  for one in
    select format('%I.%I', n.nspname, c.relname) as name, format('simulation.%I', concat_ws(' ', slot, n.nspname, c.relname)) as room,
        string_agg(quote_ident(a.attname), ', ' order by a.attnum) filter (where a.attgenerated = '') as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'r' and n.nspname <> 'simulation' and n.nspname <> 'information_schema' and n.nspname not like 'pg\_%'
        and a.attnum > 0 and not a.attisdropped
      group by n.nspname, c.relname order by n.nspname, c.relname
  loop
    execute format('create unlogged table %s (like %s including generated)', one.room, one.name);
    kept := kept || format('delete from %s; insert into %1$s (%s) select %2$s from %s;', one.room, one.columns, one.name);
    put_back := put_back || format('delete from %s; insert into %1$s (%s) overriding system value select %2$s from %s;', one.name, one.columns, one.room);
  end loop;
  for one in
    select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and n.nspname <> 'simulation'
  loop
    kept := kept || format('insert into simulation.sequence select %L, %L, last_value, is_called from %s on conflict (slot, name) do update
      set last_value = excluded.last_value, is_called = excluded.is_called;', slot, one.name, one.name);
  end loop;
  put_back := put_back || format('perform setval(name, last_value, is_called) from simulation.sequence where slot = %L;', slot);
  execute format('create function simulation.%I() returns void language plpgsql as %L', 'keep ' || slot, E'#variable_conflict use_column\nbegin ' || kept || ' end');
  execute format('create function simulation.%I() returns void language plpgsql as %L', 'put back ' || slot, E'#variable_conflict use_column\nbegin ' || put_back || ' end');
end
$$;

call simulation.make_room('world');
call simulation.make_room('backup');
