/** An append on its way to the store. */
export type PendingAppend = {
  readonly token: object;
  /** Settles once it was handed to the store; false when it never will be. Appends of a stream must keep their order. */
  readonly submitted: Promise<boolean>;
  /** Whether it was stored. Never rejects. */
  readonly stored: Promise<boolean>;
};

export type Snapshot = {
  readonly version: number;
  readonly state: unknown;
  /** Versions of the streams beside, up to which they are folded in too; in their order. */
  readonly besides: readonly number[];
};

/** A folded aggregate, possibly ahead of the log by events that are being appended. */
export type StreamState = {
  version: number;
  state: unknown;
  besides: readonly number[];
  /** The newest state known to be in the log. */
  confirmed: Snapshot;
  /** The newest append on its way; null when nothing is on its way. */
  pending: PendingAppend | null;
  /** An append this state counts on was not stored: the state never was, nobody may decide on it. */
  dropped: boolean;
  /** The log is known or expected to hold more: it must be read before anybody decides. */
  behind: boolean;
  /** That reading, shared by all who wait for it. */
  refreshing: Promise<unknown> | null;
  /** The node that wrote the newest event that was read; null when none was. */
  writtenBy: string | null;
  /** Another kind of thing stands there: this one does not, and never will. */
  isOfAnotherKind: boolean;
  /** The node whose stream it was, where this one goes on with it; null where it does not, or nobody has asked. */
  inheritedFrom: string | null;
};

export const streamState = (confirmed: Snapshot, behind: boolean): StreamState => ({
  ...confirmed,
  confirmed,
  pending: null,
  dropped: false,
  behind,
  refreshing: null,
  writtenBy: null,
  isOfAnotherKind: false,
  inheritedFrom: null,
});

export type StateCache = {
  /** The kept state; `fresh` is kept from now on when there is none. */
  getOrAdd(key: string, fresh: () => StreamState): StreamState;
  /** Marks a state as dropped and, where it is the kept one, falls back to what of it is confirmed. */
  drop(key: string, state: StreamState): void;
};

/** Keeps the `capacity` most recently used states. States with events on their way may be evicted: it costs a conflict. */
export function createStateCache(capacity: number): StateCache {
  const states = new Map<string, StreamState>();
  return {
    getOrAdd(key, fresh) {
      const kept = states.get(key) ?? fresh();
      states.delete(key);
      states.set(key, kept);
      if (states.size > capacity) {
        const oldest = states.keys().next().value;
        if (oldest !== undefined) states.delete(oldest);
      }
      return kept;
    },
    drop(key, state) {
      state.dropped = true;
      const { confirmed, writtenBy, isOfAnotherKind } = state;
      if (states.get(key) === state) states.set(key, { ...streamState(confirmed, true), writtenBy, isOfAnotherKind });
    },
  };
}
