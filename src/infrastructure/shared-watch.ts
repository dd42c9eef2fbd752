import { setTimeout as pause } from 'node:timers/promises';

/** The value of a key, at once and after every change, until `leaving` is aborted. Whoever reads slowly is told the newest only. */
export type Watch<Value> = (key: string, leaving: AbortSignal) => AsyncIterable<Value>;

type Watched<Value> = {
  /** A new object whenever the value changed; null before the first read. */
  latest: { readonly value: Value } | null;
  readonly listeners: Set<() => void>;
  readonly stopping: AbortController;
};

type Dependencies<Value> = {
  readonly read: (key: string) => Promise<Value>;
  readonly isSame: (one: Value, other: Value) => boolean;
  /** Pause between two reads of a key. */
  readonly everyMs: number;
  /** Told of a read that failed; the next one follows as ever. */
  readonly onError: (error: unknown) => void;
};

/** Reads a key again and again while anybody watches it: once for all who do. */
export function createSharedWatch<Value>({ read, isSame, everyMs, onError }: Dependencies<Value>): Watch<Value> {
  const all = new Map<string, Watched<Value>>();

  async function keepReading(key: string, watched: Watched<Value>): Promise<void> {
    const { signal } = watched.stopping;
    while (!signal.aborted) {
      try {
        const value = await read(key);
        if (watched.latest === null || !isSame(watched.latest.value, value)) {
          watched.latest = { value };
          for (const tell of watched.listeners) tell();
        }
      } catch (error) {
        if (!signal.aborted) onError(error);
      }
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  function join(key: string, listener: () => void): Watched<Value> {
    let watched = all.get(key);
    if (watched === undefined) {
      watched = { latest: null, listeners: new Set(), stopping: new AbortController() };
      all.set(key, watched);
      void keepReading(key, watched);
    }
    watched.listeners.add(listener);
    return watched;
  }

  function leave(key: string, watched: Watched<Value>, listener: () => void): void {
    watched.listeners.delete(listener);
    if (watched.listeners.size > 0) return;
    all.delete(key);
    watched.stopping.abort();
  }

  return async function* watch(key, leaving) {
    let wake = (): void => undefined;
    const listener = (): void => wake();
    const watched = join(key, listener);
    leaving.addEventListener('abort', listener, { once: true });
    let told: Watched<Value>['latest'] = null;
    try {
      while (!leaving.aborted) {
        if (watched.latest === null || watched.latest === told) {
          await new Promise<void>((resolve) => (wake = resolve));
        } else {
          told = watched.latest;
          yield told.value;
        }
      }
    } finally {
      leaving.removeEventListener('abort', listener);
      leave(key, watched, listener);
    }
  };
}
