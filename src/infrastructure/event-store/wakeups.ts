import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../postgres/database.ts';

/** Hints that the log may have grown. */
export type Wakeups = {
  /** Resolves at the next hint, or after `atMostMs`. */
  next(atMostMs: number): Promise<void>;
  wakeAll(): void;
  close(): Promise<void>;
};

export const WAKEUP_CHANNEL = 'skypark_event';
const RECONNECT_MS = 1000;

/** Listens until the connection ends or `closing` does; rejects when the connection ended by itself. */
async function listenOnce(database: Database, onHint: () => void, closing: AbortSignal): Promise<void> {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  ended.catch(() => undefined);
  const connection = await database.connection((error) => end(error));
  const close = (): void => end();
  closing.addEventListener('abort', close, { once: true });
  try {
    await connection.listen(WAKEUP_CHANNEL, onHint);
    // Whatever was appended while nobody listened is read now.
    onHint();
    if (!closing.aborted) await ended;
  } finally {
    closing.removeEventListener('abort', close);
    await connection.close();
  }
}

/**
 * Wake-ups from PostgreSQL's NOTIFY, one connection a process. They are hints only: notifications are lost while the
 * connection is down, so a reader must look by itself from time to time.
 */
export function createWakeups(database: Database, onError: (error: unknown) => void): Wakeups {
  const waiting = new Set<() => void>();
  const closing = new AbortController();

  const wakeAll = (): void => {
    for (const wake of waiting) wake();
  };

  async function keepListening(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await listenOnce(database, wakeAll, closing.signal);
      } catch (error) {
        if (closing.signal.aborted) return;
        onError(error);
        await pause(RECONNECT_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  const listening = keepListening();
  return {
    next: (atMostMs) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, atMostMs);
        waiting.add(wake);
      }),
    wakeAll,
    async close() {
      closing.abort();
      wakeAll();
      await listening;
    },
  };
}
