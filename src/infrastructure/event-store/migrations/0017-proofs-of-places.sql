-- A place in another node's feed is kept with the proof that this node was given it.
alter table store.peer add column feed_proof bytea;
comment on column store.peer.feed_proof is 'By the node that feeds, which alone can make it and knows it again; null: it gave none.';

-- As before. What the feeder said of a place comes in one, so that store.receive hands it on as it is: the link, which has 32 bytes,
-- and behind it the proof.
create or replace function store.note_peer(
  peer text, feed_in uuid, feed_at bigint, feed_by bytea, acked_in uuid, acked_at bigint, acked_by bytea, contact_ms bigint
) returns void language plpgsql security definer set search_path = store, pg_temp as $$
declare
  known store.peer;
begin
  insert into store.peer (node_id, last_contact_ms) values (peer, contact_ms) on conflict do nothing;
  select * into strict known from store.peer p where p.node_id = peer for update;
  if feed_in is not null and (feed_in is distinct from known.feed_incarnation or feed_at >= known.feed_position) then
    known.feed_incarnation := feed_in;
    known.feed_position := feed_at;
    known.feed_link := substr(feed_by, 1, 32);
    known.feed_proof := nullif(substr(feed_by, 33), '');
  end if;
  if acked_in is not null and (acked_in is distinct from known.acked_incarnation or acked_at >= known.acked_seq) then
    known.acked_incarnation := acked_in;
    known.acked_seq := acked_at;
    known.acked_link := acked_by;
    update store.author a set acknowledged = acked_at where a.incarnation = acked_in and a.acknowledged < acked_at;
  end if;
  update store.peer p set
    feed_incarnation = known.feed_incarnation, feed_position = known.feed_position, feed_link = known.feed_link,
    feed_proof = known.feed_proof,
    acked_incarnation = known.acked_incarnation, acked_seq = known.acked_seq, acked_link = known.acked_link,
    last_contact_ms = greatest(known.last_contact_ms, contact_ms)
    where p.node_id = peer;
end $$;
