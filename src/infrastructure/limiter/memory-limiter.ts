import type { Limiter } from '../../kernel/limiter.ts';
import type { Clock } from '../../kernel/time.ts';
import { recentlyUsed } from '../recently-used.ts';
import { answer, assertTakeable, fits } from './sliding-window.ts';

/** Counts of one key: in the window that holds `now`, and in the one before it. */
type Counts = { window: number; current: number; previous: number };

/** How many keys are counted at once; the one that asked longest ago is forgotten first. Some 20 MB when full. */
const MOST_KEYS = 100_000;

/** A limiter for one process. */
export function createMemoryLimiter(clock: Clock, mostKeys = MOST_KEYS): Limiter {
  const counts = recentlyUsed<Counts>(mostKeys);
  return {
    async take(policy, key, amount = 1) {
      assertTakeable(policy, amount);
      const windowMs = policy.windowSeconds * 1000;
      const nowMs = clock.now();
      const window = Math.floor(nowMs / windowMs);
      const name = `${policy.name} ${key}`;
      const found = countsIn(counts.get(name), window);
      counts.set(name, found);
      const intoMs = nowMs - window * windowMs;
      const ok = fits(found, policy, amount, intoMs);
      const told = answer(found, policy, amount, intoMs, ok);
      if (ok) found.current += amount;
      return told;
    },
  };
}

/** Moves counts on to a window. A clock that was set back starts afresh rather than lock anybody out. */
function countsIn(found: Counts | undefined, window: number): Counts {
  if (found?.window === window) return found;
  return { window, current: 0, previous: found?.window === window - 1 ? found.current : 0 };
}
