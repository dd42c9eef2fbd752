-- A life of a log ends no earlier than what is held of it: whoever reads how far it is and ends it there may be overtaken by a segment.
create or replace function store.close_author(its_incarnation uuid, its_node text, at_seq bigint, at_link bytea) returns void
language plpgsql security definer set search_path = store, pg_temp as $$
declare
  own uuid;
begin
  select h.incarnation into strict own from store.head h for update;
  if own = its_incarnation then
    raise exception 'the current incarnation of a log is not closed by itself';
  end if;
  insert into store.author as a (incarnation, node_id, link, closed_seq, closed_link)
  values (its_incarnation, its_node, sha256(convert_to('skypark/log/1', 'UTF8')), at_seq, at_link)
  on conflict (incarnation) do update set
    closed_seq = greatest(excluded.closed_seq, a.seq),
    closed_link = case when a.seq > excluded.closed_seq then a.link else excluded.closed_link end
    where a.closed_seq is null;
end $$;

-- What this node runs it is told by name; nobody else calls any of it.
revoke all on all functions in schema store from public;
grant execute on function
  store.append, store.receive, store.foreign_stream, store.open_node(text), store.open_node(text, text), store.open_incarnation,
  store.close_author, store.note_peer, store.own_place, store.link, store.to_ms, store.from_ms
  to skypark_app;
