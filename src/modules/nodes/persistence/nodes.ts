import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Nodes, NodeView } from '../application/ports.ts';

export const nodesProjection: Projection = {
  name: 'nodes.nodes',
  schema: 'nodes',
  tables: ['nodes', 'node_keys', 'incarnations'],
  eventTypes: ['NodeInvited', 'NodeEnrolled', 'NodeRevoked', 'NodeKeyCertified', 'NodeKeyRotated', 'IncarnationClosed'],
  functionName: 'nodes.project_nodes',
};

const READ = `select id as "nodeId", park_id as "parkId", status, store.to_ms(invited_at) as "invitedAtMs",
    store.to_ms(code_expires_at) as "codeExpiresAtMs", home_from::text as "homeFrom", store.to_ms(enrolled_at) as "enrolledAtMs",
    store.to_ms(revoked_at) as "revokedAtMs",
    coalesce((select json_agg(json_build_object('keyId', k.key_id, 'publicKey', k.public_key, 'until',
      case when k.until_seq is not null then json_build_object('incarnation', k.until_incarnation, 'seq', k.until_seq) end)
      order by k.until_seq is null desc, k.since desc) from nodes.node_keys k where k.node_id = n.id), '[]') as keys,
    coalesce((select json_agg(json_build_object('incarnation', i.incarnation, 'successor', i.successor, 'closed',
      case when i.closed_seq is not null then json_build_object('seq', i.closed_seq, 'link', i.closed_link, 'why', i.closed_why) end)
      order by i.known_at, i.incarnation) from nodes.incarnations i where i.node_id = n.id), '[]') as incarnations
  from nodes.nodes n`;

const BY_ID = statement('nodes.node', `${READ} where id = $1`);
const BY_CODE = statement('nodes.node-by-code', `${READ} where code_hash = $1`);
const ALL = statement('nodes.all', `${READ} order by park_id, id`);

/** The read model of nodes. */
export const createNodes = (database: Database): Nodes => ({
  find: async (nodeId) => (await database.rows<NodeView>(BY_ID, [nodeId]))[0] ?? null,
  byCodeHash: async (hash) => (await database.rows<NodeView>(BY_CODE, [hash]))[0] ?? null,
  all: () => database.rows<NodeView>(ALL, []),
});
