-- While a node changes its key it has two in force, neither of which has an end.
create or replace function nodes.project_nodes(from_position bigint, to_position bigint) returns void language plpgsql as $$
declare
  e record;
  d jsonb;
begin
  for e in
    select event_type, event_data, occurred_at from store.event
    where position between from_position and to_position
      and event_type in ('NodeInvited', 'NodeEnrolled', 'NodeRevoked', 'NodeKeyCertified', 'NodeKeyRotated', 'IncarnationClosed')
    order by position
  loop
    d := e.event_data;
    case e.event_type
      when 'NodeInvited' then
        insert into nodes (id, park_id, status, code_hash, code_expires_at, home_from, invited_at)
        values (d ->> 'nodeId', d ->> 'parkId', 'invited', d ->> 'codeHash', store.from_ms((d ->> 'expiresAtMs')::bigint),
          (d ->> 'homeFrom')::date, e.occurred_at)
        on conflict (id) do update set code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at,
          home_from = excluded.home_from, invited_at = excluded.invited_at;
      when 'NodeEnrolled' then
        update nodes set status = 'enrolled', enrolled_at = store.from_ms((d ->> 'enrolledAtMs')::bigint)
        where id = d ->> 'nodeId' and status <> 'revoked';
        -- What a node sealed before it had to be enrolled again is closed, so nobody asks for its old keys.
        delete from node_keys where node_id = d ->> 'nodeId';
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at);
        insert into incarnations (incarnation, node_id, known_at)
        values ((d ->> 'incarnation')::uuid, d ->> 'nodeId', e.occurred_at)
        on conflict (incarnation) do nothing;
      when 'NodeRevoked' then
        update nodes set status = 'revoked', revoked_at = store.from_ms((d ->> 'revokedAtMs')::bigint) where id = d ->> 'nodeId';
      when 'NodeKeyCertified' then
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at)
        on conflict (node_id, key_id) do nothing;
      when 'NodeKeyRotated' then
        update node_keys set until_incarnation = (d -> 'oldUntil' ->> 'incarnation')::uuid,
          until_seq = (d -> 'oldUntil' ->> 'seq')::bigint
        where node_id = d ->> 'nodeId' and key_id = d ->> 'oldKeyId' and until_seq is null;
        insert into node_keys (node_id, key_id, public_key, since)
        values (d ->> 'nodeId', d ->> 'keyId', d ->> 'publicKey', e.occurred_at)
        on conflict (node_id, key_id) do nothing;
      else
        insert into incarnations as i (incarnation, node_id, known_at, closed_seq, closed_link, closed_why, successor)
        values ((d ->> 'incarnation')::uuid, d ->> 'nodeId', e.occurred_at, (d ->> 'seq')::bigint, d ->> 'link', d ->> 'why',
          (d ->> 'successor')::uuid)
        on conflict (incarnation) do update set closed_seq = excluded.closed_seq, closed_link = excluded.closed_link,
          closed_why = excluded.closed_why, successor = excluded.successor
        where i.closed_seq is null;
        insert into incarnations (incarnation, node_id, known_at)
        select (d ->> 'successor')::uuid, d ->> 'nodeId', e.occurred_at where d ->> 'successor' is not null
        on conflict (incarnation) do nothing;
    end case;
  end loop;
end $$;
