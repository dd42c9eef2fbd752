import type { Clock } from '../kernel/time.ts';

/** The clock of this machine. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is moved. */
export type ManualClock = Clock & {
  /** Moves it on, or back when negative. */
  advance(ms: number): void;
  set(instantMs: number): void;
};

export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    set: (instantMs) => {
      nowMs = instantMs;
    },
  };
}
