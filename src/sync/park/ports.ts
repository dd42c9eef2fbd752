import type { NodeSigner } from '../../infrastructure/keys/node-signer.ts';
import type { PostPacked } from '../../infrastructure/outgoing-http/post-packed.ts';
import type { ReplicationLog } from '../../kernel/replication.ts';
import type { Clock } from '../../kernel/time.ts';
import type { GateCard } from '../../modules/admission/contract.ts';
import type { StaffList } from '../../modules/auth/contract.ts';
import type {
  Beginning,
  KnownHeadquarters,
  LifeReason,
  ParkedThere,
  PublishedKey,
} from '../../modules/nodes/contract.ts';
import type { Verdict } from '../protocol/messages.ts';

/** Port: the lives of this node's own log. */
export type Lives = {
  /** What the life stands in place of, as its first event says; null when it says nothing. */
  beginningOf(incarnation: string): Promise<Beginning | null>;
  /** Begins a new life. Its first append says so and gives up all rights; nothing is written before it. */
  restart(reason: LifeReason, stopping: AbortSignal): Promise<void>;
  /** Stores what was lost of lives before while nobody else writes, and lets the counters of the gates go on from it. */
  takeBack<Answer>(store: () => Promise<Answer>): Promise<Answer>;
  /**
   * Makes good what was left half done: the first append of the current life, when a crash came between its beginning and that, and the
   * counters of the gates, when they failed to go on from what was taken back.
   */
  mend(): Promise<void>;
};

/** How this node stands with headquarters, for metrics and people. */
export type SyncState = {
  /** `unreachable` when headquarters gave no answer, `not_enrolled` when there is none that we know. */
  readonly verdict: Verdict | 'unreachable' | 'not_enrolled';
  readonly trouble: string | null;
  /** Own events that headquarters does not have yet. */
  readonly backlog: number;
  /** When headquarters answered last, in ms since 1970; null: never since the start. */
  readonly lastContactMs: number | null;
  /** How far headquarters' clock is ahead of ours, in ms; null before it was measured. */
  readonly clockOffsetMs: number | null;
};

/** Port: where cards are kept at a park. */
export type KeptCards = {
  keepStaff(list: StaffList): Promise<unknown>;
  /** Tickets without a gate card, the nearest visits first, at most so many. */
  missing(limit: number): Promise<readonly string[]>;
  keepGateCards(cards: readonly GateCard[]): Promise<void>;
};

export type ParkTools = {
  readonly nodeId: string;
  readonly parkId: string;
  /** UUID of this start of the program: what tells a restarted node from a copy of it. */
  readonly process: string;
  readonly log: ReplicationLog;
  readonly signer: NodeSigner;
  readonly post: PostPacked;
  readonly headquarters: () => Promise<KnownHeadquarters | null>;
  /** Headquarters is known by another key from now on, for good when it answers. */
  readonly keepHeadquarters: (headquarters: KnownHeadquarters) => Promise<void>;
  readonly lives: Lives;
  readonly cards: KeptCards;
  readonly clock: Clock;
  /** Random bytes as base64url. */
  readonly secret: (bytes: number) => string;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Passes so many ms, or less when `stopping` is aborted. */
  readonly pause: (ms: number, stopping: AbortSignal) => Promise<void>;
  /** Passes so many ms, or less when the log has grown or `stopping` is aborted. */
  readonly untilNews: (atMostMs: number, stopping: AbortSignal) => Promise<void>;
  readonly admissionKeys: readonly Pick<PublishedKey, 'keyId' | 'x'>[];
  /** The newest version of each type of events that this program knows. */
  readonly knows: ReadonlyMap<string, number>;
  /** Hash of them all. */
  readonly eventTypes: string;
  readonly appVersion: string;
  /** What this node could not handle by itself. */
  readonly parked: () => Promise<readonly ParkedThere[]>;
  readonly onState: (state: SyncState) => void;
};
