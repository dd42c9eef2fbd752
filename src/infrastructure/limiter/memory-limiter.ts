import { LRUCache } from 'lru-cache';
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
    async take(policy, key) {
      const windowMs = policy.windowSeconds * 1000;
      const nowMs = clock.now();
      const window = Math.floor(nowMs / windowMs);
      const name = `${policy.name} ${key}`;
      const found = countsIn(counts.get(name), window);
      counts.set(name, found);
      return takeOne(policy, found, nowMs - window * windowMs);
    },
  };
}

/** Moves counts on to a window. A clock that was set back starts afresh rather than lock anybody out. */
function countsIn(found: Counts | undefined, window: number): Counts {
  if (found?.window === window) return found;
  return { window, current: 0, previous: found?.window === window - 1 ? found.current : 0 };
}

function takeOne({ limit, windowSeconds }: LimitPolicy, counts: Counts, intoMs: number): Taken {
  const windowMs = windowSeconds * 1000;
  const leftMs = windowMs - intoMs;
  // In milliseconds of the window, so that it is reckoned in whole numbers.
  const freeMs = (limit - counts.current - 1) * windowMs - counts.previous * leftMs;
  if (freeMs >= 0) {
    counts.current += 1;
    return { ok: true, remaining: Math.floor(freeMs / windowMs), resetSeconds: Math.ceil(leftMs / 1000) };
  }
  // Full by itself, it has to become the window before and let one go; else the window before has to let enough go.
  const waitMs =
    counts.current >= limit
      ? leftMs + windowMs / limit
      : leftMs - ((limit - 1 - counts.current) * windowMs) / counts.previous;
  return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
}
