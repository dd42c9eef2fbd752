import { assert } from '../../kernel/assert.ts';
import {
  reached,
  SEGMENT_EVENTS,
  type Author,
  type AuthoredEvent,
  type FeedPage,
  type FeedRequest,
  type LogHead,
  type LogPlace,
  type PeerCheckpoint,
  type PeerProgress,
  type QuarantinedSegment,
  type QuarantinePage,
  type QuarantineUse,
  type Receive,
  type ReceiveOutcome,
  type ReplicationLog,
  type SealedSegment,
  type SegmentLimits,
  type SegmentSigner,
} from '../../kernel/replication.ts';
import { BEGINNING, brokenLink } from './authored-event.ts';
import { checkReceive } from './check-receive.ts';
import { commandName, type HeldAuthor, type MemoryLog } from './memory-log.ts';
import { MemoryQuarantine } from './memory-quarantine.ts';
import { progressed } from './peer-progress.ts';
import { nextSegment, signSegment, withinLimits } from './segments.ts';

export class MemoryReplicationLog implements ReplicationLog {
  readonly #log: MemoryLog;
  /** By incarnation, oldest first. */
  readonly #segments = new Map<string, SealedSegment[]>();
  readonly #peers = new Map<string, PeerCheckpoint>();
  readonly #kept: MemoryQuarantine;

  constructor(log: MemoryLog) {
    this.#log = log;
    this.#kept = new MemoryQuarantine(log.clock, ({ header: { incarnation }, signature }) =>
      (this.#segments.get(incarnation) ?? []).some((stored) => stored.signature === signature),
    );
  }

  async head(): Promise<LogHead> {
    return this.#log.head;
  }

  async authors(): Promise<readonly Author[]> {
    const { incarnation } = this.#log.head;
    return [...this.#log.authors.keys(), incarnation]
      .map((known) => this.#authorOf(known, ''))
      .map(({ wholeTo, ...author }) => ({ ...author, isWhole: wholeTo === author.seq }))
      .toSorted((one, other) => (one.incarnation < other.incarnation ? -1 : 1));
  }

  async seal(
    signer: SegmentSigner,
    { segments }: Pick<SegmentLimits, 'segments'> = { segments: Infinity },
  ): Promise<number> {
    const { incarnation, seq: newest } = this.#log.head;
    let made = 0;
    for (;;) {
      const place = (await this.lastSealed()) ?? { incarnation, seq: 0, link: BEGINNING };
      if (place.seq >= newest || made >= segments) return made;
      const unsealed = this.#run(incarnation, place.seq + 1, Math.min(place.seq + SEGMENT_EVENTS, newest));
      this.#keep(await signSegment(nextSegment(unsealed), place, await this.authors(), signer));
      made += 1;
    }
  }

  async lastSealed(): Promise<LogPlace | null> {
    const { incarnation } = this.#log.head;
    const header = this.#segments.get(incarnation)?.at(-1)?.header;
    return header === undefined ? null : { incarnation, seq: header.last, link: header.lastLink };
  }

  async segmentsAfter(incarnation: string, seq: number, limits: SegmentLimits): Promise<readonly SealedSegment[]> {
    const after = (this.#segments.get(incarnation) ?? []).filter(({ header }) => header.last > seq);
    return withinLimits(after, limits);
  }

  async feed({ parkId, everyParkTypes, itsParkTypes, afterPosition, after, limit }: FeedRequest): Promise<FeedPage> {
    const { nodeId, position: end } = this.#log.head;
    const found = this.#log.rows
      .slice(afterPosition)
      .filter(({ stored }) => stored.nodeId === nodeId)
      .filter(
        ({ stored: { type, parkId: its } }) =>
          everyParkTypes.includes(type) || (its === parkId && itsParkTypes.includes(type)),
      )
      .slice(0, limit);
    const position = found.length === limit ? (found.at(-1)?.stored.position ?? afterPosition) : end;
    const known = position === afterPosition ? after : undefined;
    const { incarnation, link } = known ?? (await reached(this, position));
    return {
      events: found.map(({ authored }) => authored),
      place: { incarnation, position, link },
      isEnd: position >= end,
    };
  }

  async placeAt(position: number): Promise<LogPlace | null> {
    if (position > this.#log.rows.length) return null;
    const own = this.#log.rows.slice(0, position).findLast(({ isReceived }) => !isReceived)?.authored;
    if (own === undefined) return { incarnation: this.#log.head.incarnation, seq: 0, link: BEGINNING };
    return { incarnation: own.incarnation, seq: own.seq, link: own.link };
  }

  async receive(received: Receive): Promise<ReceiveOutcome> {
    checkReceive(received);
    const { events, chain, segment, peer } = received;
    const refused = this.#foreign(received) ?? this.#closed(events) ?? this.#unfit(received) ?? this.#forked(events);
    if (refused !== null) return refused;
    const fresh = events.filter(({ incarnation, seq }) => this.#log.rowOf(incarnation, seq) === undefined);
    const reused = this.#reused(fresh);
    if (reused !== undefined) return { outcome: 'id_reused', seq: reused.seq };
    for (const event of fresh) this.#take(event);
    if (chain !== null) this.#noteWhole(chain.incarnation, events.at(-1)?.seq ?? 0);
    if (segment !== undefined && fresh.length > 0) this.#keep({ ...segment, events });
    if (peer !== undefined) await this.notePeer(peer);
    const lastPosition = this.#log.rows.length;
    return fresh.length > 0
      ? { outcome: 'stored', stored: fresh.length, lastPosition }
      : { outcome: 'already_stored', lastPosition };
  }

  async peers(): Promise<readonly PeerCheckpoint[]> {
    return [...this.#peers.values()].toSorted((one, other) => (one.peerNodeId < other.peerNodeId ? -1 : 1));
  }

  async notePeer(progress: PeerProgress): Promise<void> {
    this.#peers.set(progress.peerNodeId, progressed(this.#peers.get(progress.peerNodeId), progress));
  }

  async openIncarnation(): Promise<LogHead> {
    this.#log.openIncarnation();
    return this.#log.head;
  }

  async closeAuthor({ nodeId, incarnation, seq, link }: LogPlace & { readonly nodeId: string }): Promise<void> {
    assert(incarnation !== this.#log.head.incarnation, 'the current incarnation of a log is not closed by itself');
    const author = this.#authorOf(incarnation, nodeId);
    const end = author.seq > seq ? { seq: author.seq, link: author.link } : { seq, link };
    this.#log.authors.set(incarnation, { ...author, closedAt: author.closedAt ?? end });
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

  #authorOf(incarnation: string, nodeId: string): HeldAuthor {
    const { head, authors } = this.#log;
    if (incarnation === head.incarnation) {
      const { seq, link } = head;
      return { nodeId: head.nodeId, incarnation, seq, link, closedAt: null, isWhole: true, wholeTo: seq };
    }
    const nothing = { nodeId, incarnation, seq: 0, link: BEGINNING, closedAt: null, isWhole: true, wholeTo: 0 };
    return authors.get(incarnation) ?? nothing;
  }

  /** A chain of a node holds nothing of a stream that another one writes. */
  #foreign({ events, chain }: Receive): ReceiveOutcome | null {
    if (chain === null) return null;
    for (const { seq, streamId, nodeId } of events) {
      const writer = this.#log.streams.get(streamId)?.at(-1)?.nodeId ?? nodeId;
      if (writer !== nodeId) return { outcome: 'foreign_stream', seq, writer };
    }
    return null;
  }

  #closed(events: readonly AuthoredEvent[]): ReceiveOutcome | null {
    for (const { incarnation, nodeId, seq } of events) {
      const author = this.#authorOf(incarnation, nodeId);
      assert(author.nodeId === nodeId, `incarnation ${incarnation} belongs to ${author.nodeId}, not to ${nodeId}`);
      if (author.closedAt !== null && seq > author.closedAt.seq) return { outcome: 'closed', ...author.closedAt };
    }
    return null;
  }

  /** Continuity and links of a chain. */
  #unfit({ events, chain }: Receive): ReceiveOutcome | null {
    if (chain === null) return null;
    const { incarnation, nodeId, first, previousLink } = chain;
    const { wholeTo } = this.#authorOf(incarnation, nodeId);
    if (first > wholeTo + 1) return { outcome: 'gap', expected: wholeTo + 1 };
    const broken = first === 1 && previousLink !== BEGINNING ? 1 : brokenLink(events, previousLink);
    if (broken !== null) return { outcome: 'broken_chain', seq: broken };
    const before = this.#log.rowOf(incarnation, first - 1)?.authored.link ?? BEGINNING;
    return before === previousLink ? null : { outcome: 'fork', seq: first - 1 };
  }

  #forked(events: readonly AuthoredEvent[]): ReceiveOutcome | null {
    const { incarnation: own } = this.#log.head;
    const other = events.find(({ incarnation, seq, link }) => {
      const row = this.#log.rowOf(incarnation, seq);
      // Nobody but this node writes in its current incarnation.
      return row === undefined ? incarnation === own : row.authored.link !== link;
    });
    return other === undefined ? null : { outcome: 'fork', seq: other.seq };
  }

  #reused(fresh: readonly AuthoredEvent[]): AuthoredEvent | undefined {
    const seen = new Set<string>();
    return fresh.find((event) => {
      const names = [event.id, ...(event.commandId === null ? [] : [commandName(event)])];
      const isTaken = names.some(
        (name) => seen.has(name) || this.#log.eventIds.has(name) || this.#log.authoredCommands.has(name),
      );
      for (const name of names) seen.add(name);
      return isTaken;
    });
  }

  #take(event: AuthoredEvent): void {
    const { incarnation, nodeId, seq, link } = event;
    this.#log.take(event);
    const author = this.#authorOf(incarnation, nodeId);
    this.#log.authors.set(incarnation, seq > author.seq ? { ...author, seq, link } : author);
  }

  #noteWhole(incarnation: string, seq: number): void {
    const author = this.#log.authors.get(incarnation);
    if (author !== undefined && seq > author.wholeTo) this.#log.authors.set(incarnation, { ...author, wholeTo: seq });
  }

  #run(incarnation: string, first: number, last: number): readonly AuthoredEvent[] {
    const events: AuthoredEvent[] = [];
    for (let seq = first; seq <= last; seq += 1) {
      const row = this.#log.rowOf(incarnation, seq);
      if (row !== undefined) events.push(row.authored);
    }
    return events;
  }

  #keep(segment: SealedSegment): void {
    const { incarnation, first } = segment.header;
    const kept = (this.#segments.get(incarnation) ?? []).filter(({ header }) => header.first !== first);
    this.#segments.set(
      incarnation,
      [...kept, segment].toSorted((one, other) => one.header.first - other.header.first),
    );
  }
}
