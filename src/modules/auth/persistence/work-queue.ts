import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Busy } from '../application/passwords.ts';

export type WorkQueueLimits = {
  /** Works at the same time. */
  readonly concurrency: number;
  /** Most that wait for their turn. */
  readonly maxWaiting: number;
};

export type WorkQueue = {
  /** Runs `work` when its turn comes; refused at once, without running it, when too much waits already. */
  run<Value>(work: () => Promise<Value>): Promise<Result<Value, Busy>>;
};

/** First come, first served, a bounded number at a time. */
export function createWorkQueue({ concurrency, maxWaiting }: WorkQueueLimits): WorkQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  /** Hands the place of whoever is done to the next one. */
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    async run(work) {
      if (running < concurrency) running += 1;
      else if (waiting.length >= maxWaiting) return refuse({ code: 'busy' });
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return ok(await work());
      } finally {
        leave();
      }
    },
  };
}
