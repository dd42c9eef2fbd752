import type { Clock } from './time.ts';

/**
 * A clock for jobs that end what is over, which is hard to take back: it tells the earlier of this reading and the one before, so that a
 * clock that is ahead for a moment ends nothing. To the first reading nothing is over.
 */
export function createTwiceReadClock(clock: Clock): Clock {
  let beforeMs = 0;
  return {
    now() {
      const nowMs = clock.now();
      const earlierMs = Math.min(nowMs, beforeMs);
      beforeMs = nowMs;
      return earlierMs;
    },
  };
}
