import type { Transfer } from './decider.ts';

/** JSON as it is stored: no undefined, no bigint, integers within ±(2^53 − 1), no NUL and no lone surrogates in text. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** An event ready to be stored. `id` (UUID v7) is its idempotency key. */
export type NewEvent = {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: JsonObject;
};

/** What the appender believes about a stream: anything, that it is empty, that it is not, or its exact version (≥ 1). */
export type ExpectedVersion = 'any' | 'none' | 'exists' | number;

export type StreamAppend = {
  /** UUID of the aggregate. */
  readonly streamId: string;
  readonly aggregateType: string;
  readonly expected: ExpectedVersion;
  /** May be empty: then only the expectation is checked. */
  readonly events: readonly NewEvent[];
};

/**
 * Takes (`owner` set) or gives up (`owner` null) a name that at most one owner may hold, such as a phone number's
 * blind index. Taking what one already owns succeeds.
 */
export type Claim = { readonly scope: string; readonly key: string; readonly owner: string | null };

/** Who did it and why; the same for all events of an append. */
export type AppendContext = {
  /** `user:<id>`, `device:<id>`, `flow:<name>` or `system`. */
  readonly actor: string;
  readonly correlationId: string;
  /** Id of the event or command that caused this append, if any. */
  readonly causationId?: string;
  readonly parkId?: string;
  /** When it happened, in ms since 1970; differs from the recording time for facts that arrive late. */
  readonly occurredAtMs: number;
};

/**
 * Ties an append to earlier ones of this process whose events it was decided on although they were not stored yet: when one
 * of `after` is not stored, neither is this one (`version_conflict` with actual version 0), even if another writer
 * happens to reach the expected version with other events.
 */
export type AppendChain = { readonly token: object; readonly after: readonly object[] };

/** All of it is stored, or none of it. At least one event. */
export type Append = {
  /** Idempotency key of the command (UUID). A second append with it changes nothing and answers `already_stored`. */
  readonly commandId?: string;
  readonly streams: readonly StreamAppend[];
  readonly transfers?: readonly Transfer[];
  readonly claims?: readonly Claim[];
  readonly chain?: AppendChain;
  readonly context: AppendContext;
};

export type AppendOutcome =
  | { readonly outcome: 'stored' | 'already_stored'; readonly firstPosition: number; readonly lastPosition: number }
  | { readonly outcome: 'version_conflict'; readonly streamId: string; readonly actualVersion: number }
  | { readonly outcome: 'insufficient'; readonly account: string; readonly available: number }
  | { readonly outcome: 'claimed'; readonly scope: string; readonly key: string }
  /** An event id or command id is already stored for something else. */
  | { readonly outcome: 'id_reused' };

export type StoredEvent = {
  readonly id: string;
  readonly streamId: string;
  readonly aggregateType: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: JsonObject;
  /** 1, 2, 3 … within the stream, over what of it is stored on this node. */
  readonly version: number;
  /** 1, 2, 3 … without a hole over everything this node has stored; the cursor of local readers. */
  readonly position: number;
  readonly parkId: string | null;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly commandId: string | null;
  readonly occurredAtMs: number;
  /** By its author's clock. */
  readonly recordedAtMs: number;
  /** The node that wrote it, and in which life of its log. */
  readonly nodeId: string;
  readonly incarnation: string;
};

/** First and last position of what one append stored. */
export type PositionSpan = { readonly firstPosition: number; readonly lastPosition: number };

export type StreamSlice = { readonly version: number; readonly events: readonly StoredEvent[] };

/**
 * The port to the log. Two implementations: PostgreSQL and an in-memory twin; one model-based suite holds them equal.
 * Every method rejects with `StoreUnavailable` when the store cannot answer; an append whose answer was lost is
 * settled by repeating it, since event ids and command ids make that harmless.
 */
export type EventStore = {
  /** The node whose log this is, and the author of all that is appended here. */
  readonly nodeId: string;
  append(append: Append): Promise<AppendOutcome>;
  /**
   * The events of one stream after `afterVersion` (0 = all) and its current version (0 = the stream does not exist). With
   * `limit` no more than the oldest of them, and the version of the last.
   */
  load(streamId: string, afterVersion?: number, limit?: number): Promise<StreamSlice>;
  /** Up to `limit` events after `afterPosition` in position order, optionally only of some types. */
  read(afterPosition: number, limit: number, types?: readonly string[]): Promise<readonly StoredEvent[]>;
  /** The position of the newest event; 0 when the log is empty. */
  headPosition(): Promise<number>;
  /** Balances of counters in the order asked; a counter that was never touched has 0. */
  balances(accounts: readonly string[]): Promise<readonly number[]>;
  /** Who holds a claim, or null. */
  ownerOf(scope: string, key: string): Promise<string | null>;
  /** Where the append that came with this command id is; null when there is none. */
  findCommand(commandId: string): Promise<PositionSpan | null>;
};

/** The store cannot take work now: connection lost, queue full, shutting down. The caller may try again later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
