import {
  QUARANTINE_BYTES,
  QUARANTINE_SEGMENTS,
  type QuarantinedSegment,
  type QuarantineUse,
  type ReplicationLog,
  type SealedSegment,
} from '../../kernel/replication.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';

/** The types of a segment's events, each once, sorted. */
export const typesIn = ({ events }: SealedSegment): readonly string[] =>
  [...new Set(events.map(({ type }) => type))].toSorted();

/** Nobody has decided about it, and its node has not got it through since, as once headquarters was upgraded. */
const WAITS = `q.settled_at is null and not exists (
     select from store.segment s
     where s.incarnation = q.incarnation and s.first_seq = q.first_seq and s.signature = q.signature
   )`;

const QUARANTINE = statement(
  'store.quarantine',
  `with used as (
     select count(*) as segments, coalesce(sum(bytes), 0) as bytes
     from store.quarantined_segment q where node_id = $3 and ${WAITS}
   ), kept as (
     insert into store.quarantined_segment
       (signature, incarnation, node_id, first_seq, last_seq, types, bytes, segment, why, quarantined_at)
     select $1, $2::uuid, $3, $4::bigint, $5::bigint, $6::text[], octet_length($7), $7::json, $8, store.from_ms($9)
     from used
     where segments < ${QUARANTINE_SEGMENTS} and bytes < ${QUARANTINE_BYTES}
     on conflict (signature) do nothing returning 1
   )
   select exists (select from kept) or exists (select from store.quarantined_segment where signature = $1) as "isKept"`,
);

const ABOUT = `id, node_id as "nodeId", incarnation, first_seq as first, last_seq as last, types, why,
  store.to_ms(quarantined_at) as "quarantinedAtMs"`;

const PAGE = statement(
  'store.quarantined',
  `select ${ABOUT} from store.quarantined_segment q
   where ${WAITS} and ordinal > $2 and ($1::text[] is null or node_id = any($1)) order by ordinal limit $3`,
);

const ORDINAL = statement('store.quarantined-ordinal', 'select ordinal from store.quarantined_segment where id = $1');

const ONE = statement(
  'store.quarantined-segment',
  `select ${ABOUT}, segment from store.quarantined_segment where id = $1 and settled_at is null`,
);

const USE = statement(
  'store.quarantine-use',
  `select node_id as "nodeId", count(*) as segments,
     count(*) >= ${QUARANTINE_SEGMENTS} or sum(bytes) >= ${QUARANTINE_BYTES} as "isFull"
   from store.quarantined_segment q where ${WAITS} group by node_id order by node_id`,
);

const SETTLE = statement(
  'store.settle-quarantined',
  'update store.quarantined_segment set settled_at = store.from_ms($2) where id = $1 and settled_at is null',
);

type Kept = Pick<
  ReplicationLog,
  'quarantine' | 'quarantined' | 'quarantinedSegment' | 'quarantineUse' | 'settleQuarantined'
>;

/** Segments that must not be stored, in PostgreSQL. */
export const createQuarantinedSegments = (database: Database, clock: Clock): Kept => ({
  async quarantine(segment, why) {
    const { header, signature, events } = segment;
    const { nodeId, incarnation, first, last } = header;
    const text = JSON.stringify({ header, signature, events });
    const values = [signature, incarnation, nodeId, first, last, typesIn(segment), text, why, clock.now()];
    const [row] = await database.rows<{ readonly isKept: boolean }>(QUARANTINE, values);
    return row?.isKept === true;
  },
  async quarantined({ nodeIds, after, limit }) {
    const [place] = after === null ? [] : await database.rows<{ readonly ordinal: number }>(ORDINAL, [after]);
    if (after !== null && place === undefined) return null;
    return database.rows<QuarantinedSegment>(PAGE, [nodeIds, place?.ordinal ?? 0, limit]);
  },
  async quarantinedSegment(id) {
    type Row = QuarantinedSegment & { readonly segment: SealedSegment };
    const [row] = await database.rows<Row>(ONE, [id]);
    if (row === undefined) return null;
    const { segment, ...about } = row;
    return { about, segment };
  },
  quarantineUse: () => database.rows<QuarantineUse>(USE, []),
  async settleQuarantined(id) {
    await database.rows(SETTLE, [id, clock.now()]);
  },
});
