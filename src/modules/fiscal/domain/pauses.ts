const SECOND = 1000;
const MINUTE = 60 * SECOND;

const PAUSES_MS = [2 * SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE] as const;
const LONGEST_MS = 60 * MINUTE;

/**
 * How long to wait after so many failed tries (from 1), in ms: longer and longer, never more than an hour and a quarter, and never
 * for good. Up to a quarter more by chance, so that what failed together does not come back together.
 * @param chance from 0 up to 1
 */
export function pauseAfter(failedTries: number, chance: number): number {
  const pauseMs = PAUSES_MS[failedTries - 1] ?? LONGEST_MS;
  return Math.round(pauseMs * (1 + chance / 4));
}
