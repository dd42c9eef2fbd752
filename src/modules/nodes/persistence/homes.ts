import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Homes } from '../application/ports.ts';
import type { ParkHome, PublishedKey } from '../contract.ts';

export const homesProjection: Projection = {
  name: 'nodes.homes',
  schema: 'nodes',
  tables: ['park_homes', 'admission_keys'],
  eventTypes: ['ParkHomeAssigned', 'AdmissionKeyPublished'],
  functionName: 'nodes.project_homes',
};

const AT = statement(
  'nodes.homes-at',
  `select (select h.node_id from nodes.park_homes h where h.park_id = asked.park_id and h.from_date <= asked.date
     order by h.from_date desc limit 1) as node,
     array(select n.id from nodes.nodes n where n.park_id = asked.park_id and n.enrolled_at is not null order by n.id) as nodes
   from unnest($1::text[], $2::date[]) with ordinality as asked(park_id, date, ord) order by ord`,
);
const OF = statement(
  'nodes.homes-of',
  `select from_date::text as "fromDate", node_id as "nodeId" from nodes.park_homes where park_id = $1 order by from_date`,
);
// Whoever has a revoked node has its keys too.
const KEYS = statement(
  'nodes.admission-keys',
  `select k.key_id as "keyId", k.x, k.node_id as "nodeId", k.park_id as "parkId" from nodes.admission_keys k
   where not exists (select from nodes.nodes n where n.id = k.node_id and n.status = 'revoked')
   order by k.node_id, k.published_at, k.key_id`,
);

type AtGates = Awaited<ReturnType<Homes['at']>>;

/** The read model of homes and keys. Every scan asks for a home, so questions at the same time share one statement. */
export function createHomes(database: Database): Homes {
  const at = createBatcher<{ readonly parkId: string; readonly date: string }, AtGates>({
    maxItems: 512,
    maxQueued: 10_000,
    async run(asked) {
      const parameters = [asked.map(({ parkId }) => parkId), asked.map(({ date }) => date)];
      return database.rows<AtGates>(AT, parameters);
    },
  });
  return {
    at: (parkId, date) => at.submit({ parkId, date }),
    of: (parkId) => database.rows<ParkHome>(OF, [parkId]),
    keys: () => database.rows<PublishedKey>(KEYS, []),
  };
}
