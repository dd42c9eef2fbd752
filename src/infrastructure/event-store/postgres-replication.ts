import { assert } from '../../kernel/assert.ts';
import {
  reached,
  SEGMENT_EVENTS,
  type Author,
  type FeedPage,
  type FeedRequest,
  type LogHead,
  type LogPlace,
  type PeerCheckpoint,
  type QuarantinedSegment,
  type QuarantinePage,
  type QuarantineUse,
  type PeerProgress,
  type Receive,
  type ReceiveOutcome,
  type ReplicationLog,
  type SealedSegment,
  type SegmentHeader,
  type SegmentLimits,
  type SegmentSigner,
} from '../../kernel/replication.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Database } from '../postgres/database.ts';
import { dataFaultOf } from '../postgres/errors.ts';
import { statement } from '../postgres/session.ts';
import { BEGINNING, linkBytes, linkText } from './authored-event.ts';
import { AUTHORED_COLUMNS, authoredEvents, hexLink } from './authored-tuple.ts';
import { checkReceive } from './check-receive.ts';
import { FEED_WORK, readFeed, type FeedWork } from './feed-pages.ts';
import { createFreshSegments } from './fresh-segments.ts';
import { GroupReceiver, type ReceiveAnswer } from './group-receiver.ts';
import { createQuarantinedSegments } from './quarantined-segments.ts';
import { peerArguments, receiveArguments, receivedRun } from './received-arguments.ts';
import { NAMES_BYTES, nextSegment, signSegment, withinLimits } from './segments.ts';

const HEAD = statement(
  'store.replication-head',
  'select node_id as "nodeId", incarnation, seq, hlc::text, link, position from store.head',
);

const AUTHORS = statement(
  'store.authors',
  `select a.node_id as "nodeId", a.incarnation, coalesce(h.seq, a.seq) as seq, coalesce(h.link, a.link) as link,
     a.closed_seq as "closedSeq", a.closed_link as "closedLink", h.seq is not null or a.whole_to = a.seq as "isWhole"
   from store.author a left join store.head h using (incarnation) order by a.incarnation::text`,
);

const RECEIVE = statement(
  'store.receive',
  `select store.receive(${Array.from({ length: 33 }, (_, index) => `$${index + 1}`).join(',')}) as answer`,
);

const NOTE_PEER = statement('store.note-peer', 'select store.note_peer($1, $2, $3, $4, $5, $6, $7, $8)');

const PEERS = statement(
  'store.peers',
  `select node_id as "peerNodeId", feed_incarnation as "feedIncarnation", feed_position as "feedPosition",
     feed_link as "feedLink", feed_proof as "feedProof", acked_incarnation as "ackedIncarnation", acked_seq as "ackedSeq", acked_link as "ackedLink",
     last_contact_ms as "lastContactMs"
   from store.peer order by node_id`,
);

const SEALED = statement(
  'store.sealed',
  `select h.incarnation, h.seq as newest, s.last_seq as last, s.header ->> 'lastLink' as link
   from store.head h left join lateral (
     select last_seq, header from store.segment s where s.incarnation = h.incarnation order by first_seq desc limit 1
   ) s on true`,
);

const SEAL = statement(
  'store.seal',
  `insert into store.segment (incarnation, first_seq, last_seq, header, signature) values ($1, $2, $3, $4, $5)
   on conflict do nothing returning last_seq as last`,
);

const RUN = statement(
  'store.run',
  `select ${AUTHORED_COLUMNS} as events
   from (select * from store.event where incarnation = $1 and seq between $2 and $3 order by seq) e`,
);

const SEGMENTS = statement(
  'store.segments-after',
  'select header, signature from store.segment where incarnation = $1 and last_seq > $2 order by first_seq limit $3',
);

const PLACE = statement(
  'store.own-place',
  'select p.incarnation, p.seq, p.link from store.head h cross join store.own_place($1) p where h.position >= $1',
);

const OPEN = statement('store.open-incarnation', 'select store.open_incarnation($1)');
const CLOSE = statement('store.close-author', 'select store.close_author($1, $2, $3, $4)');

type PlaceRow = { readonly incarnation: string; readonly seq: number; readonly link: Buffer };
type AuthorRow = PlaceRow & {
  readonly nodeId: string;
  readonly closedSeq: number | null;
  readonly closedLink: Buffer | null;
  readonly isWhole: boolean;
};
type PeerRow = {
  readonly peerNodeId: string;
  readonly feedIncarnation: string | null;
  readonly feedPosition: number;
  readonly feedLink: Buffer;
  readonly feedProof: Buffer | null;
  readonly ackedIncarnation: string | null;
  readonly ackedSeq: number;
  readonly ackedLink: Buffer;
  readonly lastContactMs: number;
};

const placeOf = ({ incarnation, seq, link }: PlaceRow): LogPlace => ({ incarnation, seq, link: linkText(link) });

const authorOf = ({ nodeId, closedSeq, closedLink, isWhole, ...place }: AuthorRow): Author => ({
  nodeId,
  ...placeOf(place),
  closedAt: closedSeq === null || closedLink === null ? null : { seq: closedSeq, link: linkText(closedLink) },
  isWhole,
});

const peerOf = (row: PeerRow): PeerCheckpoint => ({
  peerNodeId: row.peerNodeId,
  feed:
    row.feedIncarnation === null
      ? null
      : {
          incarnation: row.feedIncarnation,
          position: row.feedPosition,
          link: linkText(row.feedLink),
          ...(row.feedProof === null ? {} : { proof: linkText(row.feedProof) }),
        },
  acked:
    row.ackedIncarnation === null
      ? null
      : { incarnation: row.ackedIncarnation, seq: row.ackedSeq, link: linkText(row.ackedLink) },
  lastContactMs: row.lastContactMs,
});

class PostgresReplicationLog implements ReplicationLog {
  readonly #database: Database;
  readonly #kept: ReturnType<typeof createQuarantinedSegments>;
  /** What was sealed last is handed out next: it need not be read again. */
  readonly #fresh = createFreshSegments();
  readonly #receiver: GroupReceiver;
  readonly #feedWork: FeedWork;

  constructor(database: Database, clock: Clock, feedWork: FeedWork) {
    this.#database = database;
    this.#feedWork = feedWork;
    this.#receiver = new GroupReceiver(async (runs) => {
      const values = receiveArguments(runs, clock.now());
      const [row] = await database.rows<{ readonly answer: ReceiveAnswer }>(RECEIVE, values);
      assert(row, 'store.receive answered no row');
      return row.answer;
    });
    this.#kept = createQuarantinedSegments(database, clock);
  }

  async head(): Promise<LogHead> {
    type Row = Omit<LogHead, 'link'> & { readonly link: Buffer };
    const [row] = await this.#database.rows<Row>(HEAD);
    assert(row, 'the log was never opened');
    return { ...row, link: linkText(row.link) };
  }

  async authors(): Promise<readonly Author[]> {
    const rows = await this.#database.rows<AuthorRow>(AUTHORS);
    return rows.map(authorOf);
  }

  async seal(
    signer: SegmentSigner,
    { segments }: Pick<SegmentLimits, 'segments'> = { segments: Infinity },
  ): Promise<number> {
    for (let made = 0; ; made += 1) {
      const { newest, ...place } = await this.#sealed();
      if (place.seq >= newest || made >= segments) return made;
      const unsealed = await this.#run(place.incarnation, place.seq + 1, place.seq + SEGMENT_EVENTS);
      const events = nextSegment(unsealed.events, unsealed.atMostBytes);
      const sealed = await signSegment(events, place, await this.authors(), signer);
      const { header, signature } = sealed;
      const values = [header.incarnation, header.first, header.last, JSON.stringify(header), signature];
      // Where another process sealed meanwhile, its segment stays and the next turn goes on from there.
      const [kept] = await this.#database.rows<{ readonly last: number }>(SEAL, values);
      this.#fresh.keep(sealed);
      if (kept !== undefined && kept.last >= newest) return made + 1;
    }
  }

  async lastSealed(): Promise<LogPlace | null> {
    const { newest: _newest, ...place } = await this.#sealed();
    return place.seq === 0 ? null : place;
  }

  async #sealed(): Promise<LogPlace & { readonly newest: number }> {
    type Row = { readonly incarnation: string; newest: number; last: number | null; link: string | null };
    const [row] = await this.#database.rows<Row>(SEALED);
    assert(row, 'the log was never opened');
    return { incarnation: row.incarnation, seq: row.last ?? 0, link: row.link ?? BEGINNING, newest: row.newest };
  }

  async segmentsAfter(incarnation: string, seq: number, limits: SegmentLimits): Promise<readonly SealedSegment[]> {
    type Row = { readonly header: SegmentHeader; readonly signature: string };
    const rows = withinLimits(await this.#database.rows<Row>(SEGMENTS, [incarnation, seq, limits.segments]), limits);
    const fresh = rows.map(({ header }) => this.#fresh.take(header));
    const missing = rows.filter((_, index) => fresh[index] === null);
    const [first, last] = [missing[0]?.header.first ?? 0, missing.at(-1)?.header.last ?? 0];
    const { events: read } = missing.length === 0 ? { events: [] } : await this.#run(incarnation, first, last);
    const within = (header: SegmentHeader) =>
      read.filter((event) => event.seq >= header.first && event.seq <= header.last);
    return rows.map(({ header, signature }, index) => ({ header, signature, events: fresh[index] ?? within(header) }));
  }

  async feed(request: FeedRequest): Promise<FeedPage> {
    const { position, ...page } = await readFeed(this.#database, request, this.#feedWork);
    const known = position === request.afterPosition ? request.after : undefined;
    const { incarnation, link } = known ?? (await reached(this, position));
    return { ...page, place: { incarnation, position, link } };
  }

  async placeAt(position: number): Promise<LogPlace | null> {
    const [row] = await this.#database.rows<PlaceRow>(PLACE, [position]);
    return row === undefined ? null : placeOf(row);
  }

  async receive(received: Receive): Promise<ReceiveOutcome> {
    checkReceive(received);
    // Hashes of the next segment are computed while the server stores this one.
    try {
      const outcome = await this.#receiver.receive(receivedRun(received));
      return outcome.outcome === 'closed' ? { ...outcome, link: hexLink(outcome.link) } : outcome;
    } catch (error) {
      const why = dataFaultOf(error);
      if (why === null) throw error;
      return { outcome: 'unfit', why: `the read models cannot take it: ${why}` };
    }
  }

  async peers(): Promise<readonly PeerCheckpoint[]> {
    return (await this.#database.rows<PeerRow>(PEERS)).map(peerOf);
  }

  async notePeer(progress: PeerProgress): Promise<void> {
    await this.#database.rows(NOTE_PEER, peerArguments(progress));
  }

  async openIncarnation(reason: string): Promise<LogHead> {
    await this.#database.rows(OPEN, [reason]);
    return this.head();
  }

  async closeAuthor({ nodeId, incarnation, seq, link }: LogPlace & { readonly nodeId: string }): Promise<void> {
    await this.#database.rows(CLOSE, [incarnation, nodeId, seq, linkBytes(link)]);
  }

  quarantine(segment: SealedSegment, why: string): Promise<boolean> {
    return this.#kept.quarantine(segment, why);
  }

  quarantined(page: QuarantinePage): Promise<readonly QuarantinedSegment[] | null> {
    return this.#kept.quarantined(page);
  }

  quarantinedSegment(id: string): ReturnType<ReplicationLog['quarantinedSegment']> {
    return this.#kept.quarantinedSegment(id);
  }

  quarantineUse(): Promise<readonly QuarantineUse[]> {
    return this.#kept.quarantineUse();
  }

  settleQuarantined(id: string): Promise<void> {
    return this.#kept.settleQuarantined(id);
  }

  async #run(incarnation: string, first: number, last: number) {
    const [row] = await this.#database.rows<{ readonly events: string }>(RUN, [incarnation, first, last]);
    const text = row?.events ?? '[]';
    const events = authoredEvents(text);
    return { events, atMostBytes: Buffer.byteLength(text) + NAMES_BYTES * events.length };
  }
}

/** The log in PostgreSQL as other nodes see it. The node's log must have been opened. */
export const createPostgresReplicationLog = (database: Database, clock: Clock, feedWork = FEED_WORK): ReplicationLog =>
  new PostgresReplicationLog(database, clock, feedWork);
