import { assert } from './assert.ts';
import { canonicalJson } from './canonical-json.ts';
import type { JsonObject } from './event-store.ts';

/**
 * An event as its author stored it, with all that its link covers: so it travels between nodes and is checked by whoever gets
 * it. (`incarnation`, `seq`) is its identity. The payload hash does not travel: the receiver computes it.
 */
export type AuthoredEvent = {
  readonly id: string;
  readonly streamId: string;
  readonly aggregateType: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** Personal fields are ciphertext. */
  readonly data: JsonObject;
  /** Within the stream, as its author counted; a reader's own count may differ. */
  readonly version: number;
  readonly parkId: string | null;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly commandId: string | null;
  readonly occurredAtMs: number;
  /** When its author stored it. */
  readonly recordedAtMs: number;
  /** How many events its author stored together with it, itself included. */
  readonly appendSize: number;
  readonly nodeId: string;
  /** UUID of one life of the author's log. */
  readonly incarnation: string;
  /** 1, 2, 3 … over what this incarnation wrote. */
  readonly seq: number;
  /** Hybrid clock stamp in decimal digits. */
  readonly hlc: string;
  /** 32 bytes in base64url: the link of the author's hash chain. */
  readonly link: string;
};

/** A place in what one incarnation wrote. `seq` 0 is its beginning, with the link that every chain starts from. */
export type LogPlace = { readonly incarnation: string; readonly seq: number; readonly link: string };

/** Where the log of this node stands. */
export type LogHead = LogPlace & {
  readonly nodeId: string;
  readonly hlc: string;
  /** Of the newest event stored here, whoever wrote it; 0 when there is none. */
  readonly position: number;
};

/** What is held here of one incarnation. */
export type Author = LogPlace & {
  readonly nodeId: string;
  /** Nothing it wrote after this place is taken any more; null while it is open. */
  readonly closedAt: { readonly seq: number; readonly link: string } | null;
  /** Whether everything from 1 to `seq` is here, as one chain. False where single events of it were received. */
  readonly isWhole: boolean;
};

/** What is signed: a run of events of one incarnation. The last link stands for all of their content. */
export type SegmentHeader = {
  readonly nodeId: string;
  readonly incarnation: string;
  /** First and last seq of its events, both included. */
  readonly first: number;
  readonly last: number;
  readonly previousLink: string;
  readonly lastLink: string;
  /** Stamp of its last event. */
  readonly hlc: string;
  /** How far its author had read what others wrote, sorted by incarnation. */
  readonly vector: readonly (readonly [incarnation: string, seq: number])[];
  /** Names the public key that the signature is checked with. */
  readonly keyId: string;
};

export type SealedSegment = {
  readonly header: SegmentHeader;
  /** Ed25519 over `segmentBytes(header)`, as base64url. */
  readonly signature: string;
  readonly events: readonly AuthoredEvent[];
};

export type SegmentSigner = {
  readonly keyId: string;
  /** @returns the signature as base64url. */
  sign(bytes: Uint8Array): Promise<string>;
};

/** A segment holds no more events than this, and no more bytes of them as JSON unless one append alone has more. */
export const SEGMENT_EVENTS = 500;
export const SEGMENT_BYTES = 512 * 1024;

const DOMAIN_TAG = 'skypark/segment/1\n';

/** What the author of a segment signs: a tag that no other signature of ours begins with, then the header as canonical JSON. */
export const segmentBytes = (header: SegmentHeader): Uint8Array =>
  new TextEncoder().encode(DOMAIN_TAG + canonicalJson(header));

/** How far this node and another one have read each other. */
export type PeerCheckpoint = {
  readonly peerNodeId: string;
  /** How far we have read the peer's feed: a local position of the peer, and its newest own event there. Null before the first. */
  readonly feed: FeedPlace | null;
  /** Up to where the peer has what we wrote. Null before its first answer. */
  readonly acked: LogPlace | null;
  /** When the peer was heard last, in ms since 1970. */
  readonly lastContactMs: number;
};

/** A place in a node's feed. */
export type FeedPlace = {
  readonly incarnation: string;
  /** Local position of the node that feeds. */
  readonly position: number;
  /** Link of that incarnation's newest event at or before the position. */
  readonly link: string;
  /** 32 bytes in base64url, by which the node that feeds knows again that it gave this place to whoever shows it. */
  readonly proof?: string;
};

/** What became known of a peer; what is left out stays. Places never go back within one incarnation. */
export type PeerProgress = {
  readonly peerNodeId: string;
  readonly feed?: FeedPlace;
  readonly acked?: LogPlace;
  readonly lastContactMs: number;
};

export type FeedRequest = {
  readonly parkId: string;
  /** Types that go to every park, and those that go to the park that the event names. */
  readonly everyParkTypes: readonly string[];
  readonly itsParkTypes: readonly string[];
  readonly afterPosition: number;
  /** What stands there, where the caller knows it: it is not looked for again. */
  readonly after?: LogPlace;
  /** Most events to answer. */
  readonly limit: number;
};

export type FeedPage = {
  readonly events: readonly AuthoredEvent[];
  /** Read on from here; events that do not go to this park are passed over, so it may move although `events` is empty. */
  readonly place: FeedPlace;
  /** Nothing was stored after `place` when this was read. */
  readonly isEnd: boolean;
};

export type Receive = {
  /** In the order in which they shall be stored here. */
  readonly events: readonly AuthoredEvent[];
  /**
   * Says that `events` are one incarnation's, without a gap from `first` on, and what link came before: continuity and every
   * link are checked. Null for single events of a feed, whose links are kept but prove nothing.
   */
  readonly chain: {
    readonly nodeId: string;
    readonly incarnation: string;
    readonly first: number;
    readonly previousLink: string;
  } | null;
  /** The signed segment the events came in, to be handed on as it is. The signature is the caller's to check. */
  readonly segment?: Omit<SealedSegment, 'events'>;
  /** Recorded in the same transaction, whether the events are new or known. */
  readonly peer?: PeerProgress;
};

export type ReceiveOutcome =
  /** `lastPosition` of this log afterwards; `stored` counts the events that were new. */
  | { readonly outcome: 'stored'; readonly stored: number; readonly lastPosition: number }
  | { readonly outcome: 'already_stored'; readonly lastPosition: number }
  /** Events in between are missing; send from `expected` on. */
  | { readonly outcome: 'gap'; readonly expected: number }
  /** The incarnation wrote something else at `seq` than is stored here: it has two lives. */
  | { readonly outcome: 'fork'; readonly seq: number }
  /** The event at `seq` is not what its link says: it was changed, or its place was. */
  | { readonly outcome: 'broken_chain'; readonly seq: number }
  /** The incarnation ended at this place. */
  | { readonly outcome: 'closed'; readonly seq: number; readonly link: string }
  /** An event's id, or its command's within the incarnation, is already stored for another event. */
  | { readonly outcome: 'id_reused'; readonly seq: number }
  /** The event at `seq` of a chain is of a stream whose newest event here was written by another node, `writer`. */
  | { readonly outcome: 'foreign_stream'; readonly seq: number; readonly writer: string }
  /** The read models cannot take it, however often it is tried; `why` is in words for people, in English. */
  | { readonly outcome: 'unfit'; readonly why: string };

/** A segment that must not be stored and that nobody has decided about: what it is, not what its events say. */
export type QuarantinedSegment = {
  /** UUID, by which people decide about it. */
  readonly id: string;
  readonly nodeId: string;
  readonly incarnation: string;
  /** Of its events, both included. */
  readonly first: number;
  readonly last: number;
  /** Of its events, each once, sorted. */
  readonly types: readonly string[];
  /** In words for people, in English. */
  readonly why: string;
  readonly quarantinedAtMs: number;
};

/** Once so much of a node is kept apart, nothing more of it is. */
export const QUARANTINE_SEGMENTS = 50;
export const QUARANTINE_BYTES = 32 * 1024 * 1024;

/** How much of a node is kept apart; `isFull`: nothing more is. */
export type QuarantineUse = { readonly nodeId: string; readonly segments: number; readonly isFull: boolean };

export type QuarantinePage = {
  /** Of these nodes; null: of all. */
  readonly nodeIds: readonly string[] | null;
  /** After this one, of which the order tells; null: from the oldest on. */
  readonly after: string | null;
  readonly limit: number;
};

export type SegmentLimits = {
  readonly segments: number;
  /** Of all of them together, but for the first one, which may have more alone. No bound when absent. */
  readonly events?: number;
};

/**
 * The log as other nodes see it: what is handed to them and what is taken from them. Two implementations: PostgreSQL and an
 * in-memory twin. Every method rejects with `StoreUnavailable` when the store cannot answer; each may be repeated.
 */
export type ReplicationLog = {
  head(): Promise<LogHead>;
  /** Every incarnation of which anything is held, this node's own included. */
  authors(): Promise<readonly Author[]>;
  /**
   * Signs what the current incarnation wrote and no segment holds yet, in segments of one transaction each. An append is never
   * split unless it alone is larger than a segment may be.
   * @param limits how many segments at most; all there are when absent.
   * @returns how many segments it made.
   * @throws BrokenInvariant when an event was changed since it was stored.
   */
  seal(signer: SegmentSigner, limits?: Pick<SegmentLimits, 'segments'>): Promise<number>;
  /** Where the newest segment of the current incarnation ends; null when it has none. */
  lastSealed(): Promise<LogPlace | null>;
  /** The segments of an incarnation that hold anything after `seq`, oldest first: own ones, and received ones as they came. */
  segmentsAfter(incarnation: string, seq: number, limits: SegmentLimits): Promise<readonly SealedSegment[]>;
  /** What this node itself wrote and a park shall know, in the order of this log. */
  feed(request: FeedRequest): Promise<FeedPage>;
  /**
   * This node's newest own event at or before a local position; the beginning of the current incarnation when there is none, and null
   * when the log does not reach that far.
   */
  placeAt(position: number): Promise<LogPlace | null>;
  /**
   * Stores what other nodes wrote, at the next local positions; all of it or nothing. Read models follow in the same
   * transaction. Counters and claims do not move: they are their author's. Calls of one process are carried out in the order in
   * which they were made, so the next segment may be told before this one is answered.
   * @throws BrokenInvariant when no store could keep an event, or a chain is not of one incarnation.
   */
  receive(received: Receive): Promise<ReceiveOutcome>;
  peers(): Promise<readonly PeerCheckpoint[]>;
  /** Records how far a peer is, without events. */
  notePeer(progress: PeerProgress): Promise<void>;
  /**
   * Begins a new life of this log: a new incarnation at seq 0 with a chain of its own. What the old one wrote stays.
   * @param reason in words for people.
   */
  openIncarnation(reason: string): Promise<LogHead>;
  /**
   * Nothing that this incarnation wrote after the place is taken any more; where more of it is held already, after the newest
   * event that is. Told twice, the first place stays.
   */
  closeAuthor(end: LogPlace & { readonly nodeId: string }): Promise<void>;
  /**
   * Keeps a segment that must not be stored for a person to look at. Told twice, it is kept once.
   * @returns whether it is kept; false where so much of its node is that there is no room.
   */
  quarantine(segment: SealedSegment, why: string): Promise<boolean>;
  /** Those that nobody has decided about yet, oldest first; null when `after` is none of them, nor was. */
  quarantined(page: QuarantinePage): Promise<readonly QuarantinedSegment[] | null>;
  /** One of them with all that is in it; null when there is none, or somebody has decided about it. */
  quarantinedSegment(
    id: string,
  ): Promise<{ readonly about: QuarantinedSegment; readonly segment: SealedSegment } | null>;
  /** Of every node of which anything is kept apart. */
  quarantineUse(): Promise<readonly QuarantineUse[]>;
  /** Somebody decided about a segment: it is shown no more, also when it is sent again. */
  settleQuarantined(id: string): Promise<void>;
};

/** The place at a position that the log is known to reach. */
export async function reached(log: Pick<ReplicationLog, 'placeAt'>, position: number): Promise<LogPlace> {
  const place = await log.placeAt(position);
  assert(place, 'the log reaches that far');
  return place;
}
