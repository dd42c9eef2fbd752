import { ok, refuse, type Result } from '../kernel/result.ts';
import type { Clock } from '../kernel/time.ts';

/** More waits than can be done soon. */
export type Busy = { readonly code: 'busy' };

export type WorkQueueLimits = {
  /** Works at the same time. */
  readonly concurrency: number;
  /** Most that wait for their turn. */
  readonly maxWaiting: number;
  /** What waited longer than this when its turn comes is refused: who asked has given up by then, or soon will. */
  readonly longestWaitMs: number;
};

export type WorkQueue = {
  /** Runs `work` when its turn comes; refused without running it when too much waits already, or it waited too long. */
  run<Value>(work: () => Promise<Value>): Promise<Result<Value, Busy>>;
};

type Waiting = {
  readonly sinceMs: number;
  /** Tells whether the turn has come, or was given up. */
  end(this: void, hasTurn: boolean): void;
};

/** First come, first served, a bounded number at a time. */
export function createWorkQueue({ concurrency, maxWaiting, longestWaitMs }: WorkQueueLimits, clock: Clock): WorkQueue {
  const waiting: Waiting[] = [];
  let running = 0;

  const turn = (): Promise<boolean> => new Promise((end) => waiting.push({ sinceMs: clock.now(), end }));

  /** Hands the place of whoever is done to the next one who still waits for it. */
  function leave(): void {
    const nowMs = clock.now();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const hasTurn = nowMs - next.sinceMs <= longestWaitMs;
      next.end(hasTurn);
      if (hasTurn) return;
    }
    running -= 1;
  }

  return {
    async run(work) {
      if (running < concurrency) running += 1;
      else if (waiting.length >= maxWaiting || !(await turn())) return refuse({ code: 'busy' });
      try {
        return ok(await work());
      } finally {
        leave();
      }
    },
  };
}
