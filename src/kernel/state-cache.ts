/** An append on its way to the store. */
export type PendingAppend = {
  readonly token: object;
  /** Settles once it was handed to the store; false when it never will be. Appends of a stream must keep their order. */
  readonly submitted: Promise<boolean>;
  /** Whether it was stored. Never rejects. */
  readonly stored: Promise<boolean>;
};

/** A folded aggregate, possibly ahead of the log by events that are being appended. */
export type StreamState = {
  version: number;
  state: unknown;
  /** The newest append on its way; null when nothing is on its way. */
  pending: PendingAppend | null;
  /** An append this state counts on was not stored: the state never was, nobody may decide on it. */
  dropped: boolean;
};

export type StateCache = {
  get(streamId: string): StreamState | undefined;
  /** Keeps `fresh` unless another state is already there; answers the one that is kept. */
  addIfAbsent(streamId: string, fresh: StreamState): StreamState;
  drop(streamId: string, state: StreamState): void;
};

/** Keeps the `capacity` most recently used states. States with events on their way may be evicted: it costs a conflict. */
export function createStateCache(capacity: number): StateCache {
  const states = new Map<string, StreamState>();
  const touch = (streamId: string, state: StreamState): void => {
    states.delete(streamId);
    states.set(streamId, state);
  };
  return {
    get(streamId) {
      const state = states.get(streamId);
      if (state !== undefined) touch(streamId, state);
      return state;
    },
    addIfAbsent(streamId, fresh) {
      const kept = states.get(streamId) ?? fresh;
      touch(streamId, kept);
      if (states.size > capacity) {
        const oldest = states.keys().next().value;
        if (oldest !== undefined) states.delete(oldest);
      }
      return kept;
    },
    drop(streamId, state) {
      state.dropped = true;
      if (states.get(streamId) === state) states.delete(streamId);
    },
  };
}
