import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { JsonObject } from '../../kernel/event-store.ts';
import { statement, type Session } from '../postgres/session.ts';
import { firstLink, nextLink, payloadHash } from './payload-hash.ts';

export type ChainReport =
  | {
      readonly intact: true;
      /** How many events were checked, and the position of the last one. */
      readonly checked: number;
      readonly lastPosition: number;
    }
  | {
      readonly intact: false;
      /** The first position at which something is wrong. */
      readonly position: number;
      /** `missing`: no event there. `payload`: it says something else than when it was stored. `link`: its place changed. */
      readonly fault: 'missing' | 'payload' | 'link';
    };

export type VerifyOptions = {
  /** Trust the log up to here and check what comes after; 0 (default) checks all. */
  readonly afterPosition?: number;
  readonly batch?: number;
  readonly onProgress?: (position: number, head: number) => void;
};

type Row = {
  readonly position: number;
  readonly incarnation: string;
  readonly seq: number;
  readonly streamId: string;
  readonly version: number;
  readonly hlc: string;
  readonly occurredAtMs: number;
  readonly payloadHash: Buffer;
  readonly link: Buffer;
  readonly id: string;
  readonly aggregateType: string;
  readonly eventType: string;
  readonly schemaVersion: number;
  readonly data: JsonObject;
  readonly parkId: string | null;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly commandId: string | null;
};

const ROWS = statement(
  'store.verify-rows',
  `select position, incarnation, seq, aggregate_id as "streamId", event_version as version, hlc::text,
     store.to_ms(occurred_at) as "occurredAtMs", payload_hash as "payloadHash", link, id,
     aggregate_type as "aggregateType", event_type as "eventType", schema_version as "schemaVersion", event_data as data,
     park_id as "parkId", actor, correlation_id as "correlationId", causation_id as "causationId",
     command_id as "commandId"
   from store.event where position > $1 order by position limit $2`,
);

const HEAD = statement('store.verify-head', 'select position, link from store.head');
const LINK = statement('store.verify-link', 'select link from store.event where position = $1');

function faultOf(row: Row, previous: Buffer): 'payload' | 'link' | null {
  const hash = payloadHash({ ...row, dataText: canonicalJson(row.data) });
  if (!hash.equals(row.payloadHash)) return 'payload';
  return nextLink(previous, { ...row, hlc: BigInt(row.hlc) }, hash).equals(row.link) ? null : 'link';
}

/**
 * Recomputes every hash and link of the log in this process and compares them with what is stored, up to the head at the
 * time of the call. Appends may go on meanwhile. Finds changed, exchanged, inserted and removed events; a log rewritten as a
 * whole is found only by comparing links with a copy kept elsewhere.
 */
export async function verifyChain(session: Session, options: VerifyOptions = {}): Promise<ChainReport> {
  const { afterPosition = 0, batch = 2000, onProgress } = options;
  const [head = { position: 0, link: firstLink() }] = await session.rows<{ position: number; link: Buffer }>(HEAD);
  const [trusted] = await session.rows<{ link: Buffer }>(LINK, [afterPosition]);
  if (afterPosition > 0 && trusted === undefined) return { intact: false, position: afterPosition, fault: 'missing' };
  let position = afterPosition;
  let link = trusted?.link ?? firstLink();
  while (position < head.position) {
    const limit = Math.min(batch, head.position - position);
    const rows = await session.rows<Row>(ROWS, [position, limit]);
    for (const row of rows) {
      position += 1;
      if (row.position !== position) return { intact: false, position, fault: 'missing' };
      const fault = faultOf(row, link);
      if (fault !== null) return { intact: false, position, fault };
      link = row.link;
    }
    // Fewer rows than the head promises: the end was cut off.
    if (rows.length < limit) return { intact: false, position: position + 1, fault: 'missing' };
    onProgress?.(position, head.position);
  }
  if (!link.equals(head.link)) return { intact: false, position, fault: 'link' };
  return { intact: true, checked: position - afterPosition, lastPosition: position };
}
