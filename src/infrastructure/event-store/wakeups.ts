import type { Connection, Database } from '../postgres/database.ts';

/** Hints that the log may have grown. */
export type Wakeups = {
  /** Resolves at the next hint, or after `atMostMs`. */
  next(atMostMs: number): Promise<void>;
  wakeAll(): void;
  close(): Promise<void>;
};

const CHANNEL = 'skypark_event';
const RECONNECT_MS = 1000;

/**
 * Wake-ups from PostgreSQL's NOTIFY, one connection a process. They are hints only: notifications are lost while the
 * connection is down, so a reader must look by itself from time to time.
 */
export function createWakeups(database: Database, onError: (error: unknown) => void): Wakeups {
  const waiting = new Set<() => void>();
  let connection: Connection | null = null;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const wakeAll = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };

  const connectLater = (error: unknown): void => {
    if (closed) return;
    onError(error);
    retry = setTimeout(() => void connect(), RECONNECT_MS);
  };

  async function connect(): Promise<void> {
    try {
      const opened = await database.connection(connectLater);
      if (closed) return await opened.close();
      connection = opened;
      await opened.listen(CHANNEL, wakeAll);
      // Whatever was appended while nobody listened is read now.
      wakeAll();
    } catch (error) {
      connectLater(error);
    }
  }

  const connecting = connect();
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
      closed = true;
      clearTimeout(retry);
      wakeAll();
      await connecting;
      await connection?.close();
    },
  };
}
