import { LRUCache } from 'lru-cache';
import { assert } from '../../kernel/assert.ts';
import type { LimitPolicy, Limiter, Taken } from '../../kernel/limiter.ts';
import type { Clock } from '../../kernel/time.ts';

/** Counts of one key: in the window that holds `now`, and in the one before it. */
type Counts = { window: number; current: number; previous: number };

/** How many keys are counted at once; the one that asked longest ago is forgotten first. Some 20 MB when full. */
const MOST_KEYS = 100_000;

/**
 * A limiter for one process: a sliding window in two counters. What was taken in the window before counts for the share of
 * it that still lies within the last `windowSeconds`, as if it had been taken evenly.
 */
export function createMemoryLimiter(clock: Clock, mostKeys = MOST_KEYS): Limiter {
  const counts = new LRUCache<string, Counts>({ max: mostKeys });
  return {
    async take(policy, key, amount = 1) {
      const windowMs = policy.windowSeconds * 1000;
      const nowMs = clock.now();
      const window = Math.floor(nowMs / windowMs);
      const name = `${policy.name} ${key}`;
      const found = countsIn(counts.get(name), window);
      counts.set(name, found);
      return takeFrom(found, policy, amount, nowMs - window * windowMs);
    },
  };
}

/** Moves counts on to a window. A clock that was set back starts afresh rather than lock anybody out. */
function countsIn(found: Counts | undefined, window: number): Counts {
  if (found?.window === window) return found;
  return { window, current: 0, previous: found?.window === window - 1 ? found.current : 0 };
}

function takeFrom(counts: Counts, { limit, windowSeconds }: LimitPolicy, amount: number, intoMs: number): Taken {
  assert(amount >= 0 && amount <= limit, `${amount} of ${limit} can never be taken`);
  const windowMs = windowSeconds * 1000;
  const leftMs = windowMs - intoMs;
  // In milliseconds of the window, so that it is reckoned in whole numbers.
  const freeMs = (limit - counts.current) * windowMs - counts.previous * leftMs;
  const remaining = (taken: number): number => Math.max(0, Math.floor(freeMs / windowMs) - taken);
  if (freeMs >= amount * windowMs) {
    counts.current += amount;
    return { ok: true, remaining: remaining(amount), resetSeconds: Math.ceil(leftMs / 1000) };
  }
  // Too full by itself, it has to become the window before and let some go; else the window before has to let enough go.
  const over = counts.current + amount - limit;
  const waitMs = over > 0 ? leftMs + (over * windowMs) / counts.current : leftMs + (over * windowMs) / counts.previous;
  return { ok: false, remaining: remaining(0), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
}
