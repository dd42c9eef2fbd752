import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { GateCardTable } from '../application/gate-cards.ts';

const MISSING = statement(
  'admission.missing-gate-cards',
  `select d.ticket_id as id from admission.gate_days d
   where d.park_id = $1 and d.visit_date between $2 and $3 and d.revoked_as is null
     and not exists (select from admission.gate_cards c where c.ticket_id = d.ticket_id)
   order by d.visit_date, d.position limit $4`,
);
const KEEP = statement(
  'admission.keep-gate-cards',
  `insert into admission.gate_cards (ticket_id, sealed) select * from unnest($1::uuid[], $2::text[])
   on conflict (ticket_id) do update set sealed = excluded.sealed`,
);
const FIND = statement(
  'admission.gate-cards',
  `select c.sealed from unnest($1::uuid[]) with ordinality t(id, ord)
   left join admission.gate_cards c on c.ticket_id = t.id order by t.ord`,
);
const VISITED_BEFORE = statement(
  'admission.old-gate-cards',
  `select c.ticket_id as id from admission.gate_cards c
   where not exists (select from admission.gate_days d where d.ticket_id = c.ticket_id and d.visit_date >= $1) limit $2`,
);
const DROP = statement('admission.drop-gate-cards', 'delete from admission.gate_cards where ticket_id = any($1)');

type Named = { readonly id: string };
const idsOf = (rows: readonly Named[]): readonly string[] => rows.map(({ id }) => id);

/** Cards in PostgreSQL; look-ups made at the same time, as by a batch of scans, share one statement. */
export function createGateCardTable(database: Database): GateCardTable {
  const find = createBatcher<string, string | null>({
    maxItems: 500,
    maxQueued: 10_000,
    run: async (ids) => (await database.rows<{ sealed: string | null }>(FIND, [ids])).map(({ sealed }) => sealed),
  });
  return {
    missing: async (parkId, from, to, limit) => idsOf(await database.rows<Named>(MISSING, [parkId, from, to, limit])),
    async keep(cards) {
      await database.rows(KEEP, [cards.map(({ ticketId }) => ticketId), cards.map(({ sealed }) => sealed)]);
    },
    find: (ticketId) => find.submit(ticketId),
    visitedBefore: async (day, limit) => idsOf(await database.rows<Named>(VISITED_BEFORE, [day, limit])),
    async drop(ticketIds) {
      await database.rows(DROP, [ticketIds]);
    },
  };
}
