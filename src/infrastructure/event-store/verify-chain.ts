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
      /** Events of other authors whose chain is not held here, so that only what they say could be checked, not their place. */
      readonly single: number;
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
  `select position, incarnation, seq, aggregate_id as "streamId", coalesce(origin_version, event_version) as version, hlc::text,
     store.to_ms(occurred_at) as "occurredAtMs", payload_hash as "payloadHash", link, id,
     aggregate_type as "aggregateType", event_type as "eventType", schema_version as "schemaVersion", event_data as data,
     park_id as "parkId", actor, correlation_id as "correlationId", causation_id as "causationId",
     coalesce(command_id, origin_command_id) as "commandId"
   from store.event where position > $1 order by position limit $2`,
);

const HEADS = statement(
  'store.verify-heads',
  `select h.position, a.incarnation, a.incarnation = h.incarnation as "isOwn",
     case when a.incarnation = h.incarnation then h.seq else a.seq end as seq,
     case when a.incarnation = h.incarnation then h.link else a.link end as link,
     case when a.incarnation = h.incarnation then h.seq else a.whole_to end as "wholeTo"
   from store.head h cross join store.author a`,
);

const OWN_PLACE = statement('store.verify-own-place', 'select incarnation, seq, link from store.own_place($1)');
const IS_THERE = statement('store.verify-there', 'select 1 as there from store.event where position = $1');
const LINK_OF = statement('store.verify-link-of', 'select link from store.event where incarnation = $1 and seq = $2');

type AuthorHead = {
  /** Of the whole log. */
  readonly position: number;
  readonly incarnation: string;
  readonly isOwn: boolean;
  readonly seq: number;
  readonly link: Buffer;
  readonly wholeTo: number;
};

type Place = { readonly seq: number; readonly link: Buffer };

/** Follows the chains of all authors through the log. */
class Chains {
  readonly #session: Session;
  readonly #heads: ReadonlyMap<string, AuthorHead>;
  readonly #newest = new Map<string, Place>();
  single = 0;

  constructor(session: Session, heads: readonly AuthorHead[]) {
    this.#session = session;
    this.#heads = new Map(heads.map((head) => [head.incarnation, head]));
  }

  /** Goes on behind an event that is trusted. */
  trust(incarnation: string, place: Place): void {
    this.#newest.set(incarnation, place);
  }

  async faultOf(row: Row): Promise<'payload' | 'link' | null> {
    const hash = payloadHash({ ...row, dataText: canonicalJson(row.data) });
    if (!hash.equals(row.payloadHash)) return 'payload';
    const head = this.#heads.get(row.incarnation);
    const previous = await this.#before(row, head?.isOwn ?? false);
    this.#newest.set(row.incarnation, row);
    if (previous === null) {
      if (head === undefined || row.seq <= head.wholeTo) return 'link';
      this.single += 1;
      return null;
    }
    return nextLink(previous, { ...row, hlc: BigInt(row.hlc) }, hash).equals(row.link) ? null : 'link';
  }

  /** Whether every author's newest event is the one that its head names. */
  async areEnded(): Promise<boolean> {
    for (const { incarnation, seq, link } of this.#heads.values()) {
      const newest = this.#newest.get(incarnation);
      const found = newest?.seq === seq ? newest.link : await this.#linkOf(incarnation, seq);
      if (found?.equals(link) !== true) return false;
    }
    return true;
  }

  /** What this node wrote itself stands in its order; of others a later event may have come before an earlier one. */
  async #before({ incarnation, seq }: Row, isOwn: boolean): Promise<Buffer | null> {
    const newest = this.#newest.get(incarnation) ?? { seq: 0, link: firstLink() };
    if (newest.seq === seq - 1) return newest.link;
    return isOwn ? null : this.#linkOf(incarnation, seq - 1);
  }

  async #linkOf(incarnation: string, seq: number): Promise<Buffer | null> {
    if (seq === 0) return firstLink();
    const [row] = await this.#session.rows<{ link: Buffer }>(LINK_OF, [incarnation, seq]);
    return row?.link ?? null;
  }
}

/**
 * Recomputes every hash and link of the log in this process and compares them with what is stored, up to the head at the
 * time of the call. Appends may go on meanwhile. Finds changed, exchanged, inserted and removed events; a log rewritten as a
 * whole is found only by comparing links with a copy kept elsewhere. Events of other nodes are checked on their authors' own
 * chains, where these are held; the order in which they came here is nobody's promise.
 */
export async function verifyChain(session: Session, options: VerifyOptions = {}): Promise<ChainReport> {
  const { afterPosition = 0, batch = 2000, onProgress } = options;
  const heads = await session.rows<AuthorHead>(HEADS);
  const end = heads[0]?.position ?? 0;
  const chains = new Chains(session, heads);
  if (afterPosition > 0) {
    const [there] = await session.rows(IS_THERE, [afterPosition]);
    if (there === undefined) return { intact: false, position: afterPosition, fault: 'missing' };
    const [own] = await session.rows<Place & { incarnation: string }>(OWN_PLACE, [afterPosition]);
    if (own !== undefined) chains.trust(own.incarnation, own);
  }
  let position = afterPosition;
  while (position < end) {
    const limit = Math.min(batch, end - position);
    const rows = await session.rows<Row>(ROWS, [position, limit]);
    for (const row of rows) {
      position += 1;
      if (row.position !== position) return { intact: false, position, fault: 'missing' };
      const fault = await chains.faultOf(row);
      if (fault !== null) return { intact: false, position, fault };
    }
    // Fewer rows than the head promises: the end was cut off.
    if (rows.length < limit) return { intact: false, position: position + 1, fault: 'missing' };
    onProgress?.(position, end);
  }
  if (!(await chains.areEnded())) return { intact: false, position, fault: 'link' };
  return { intact: true, checked: position - afterPosition, lastPosition: position, single: chains.single };
}
