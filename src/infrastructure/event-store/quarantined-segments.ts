import type { QuarantinedSegment, ReplicationLog, SealedSegment } from '../../kernel/replication.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';

const QUARANTINE = statement(
  'store.quarantine',
  `insert into store.quarantined_segment (signature, incarnation, first_seq, segment, why, quarantined_at)
   values ($1, $2, $3, $4, $5, store.from_ms($6)) on conflict do nothing`,
);

const QUARANTINED = statement(
  'store.quarantined',
  `select segment, why, store.to_ms(quarantined_at) as "quarantinedAtMs"
   from store.quarantined_segment where settled_at is null order by quarantined_at, signature`,
);

const SETTLE = statement(
  'store.settle-quarantined',
  'update store.quarantined_segment set settled_at = store.from_ms($2) where signature = $1 and settled_at is null',
);

type Row = { readonly segment: SealedSegment; readonly why: string; readonly quarantinedAtMs: number };

/** Segments that must not be stored, in PostgreSQL. */
export const createQuarantinedSegments = (
  database: Database,
  clock: Clock,
): Pick<ReplicationLog, 'quarantine' | 'quarantined' | 'settleQuarantined'> => ({
  async quarantine({ header, signature, events }, why) {
    const text = JSON.stringify({ header, signature, events });
    await database.rows(QUARANTINE, [signature, header.incarnation, header.first, text, why, clock.now()]);
  },
  async quarantined(): Promise<readonly QuarantinedSegment[]> {
    const rows = await database.rows<Row>(QUARANTINED);
    return rows.map(({ segment, ...about }) => ({ ...segment, ...about }));
  },
  async settleQuarantined(signature) {
    await database.rows(SETTLE, [signature, clock.now()]);
  },
});
