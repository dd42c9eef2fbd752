const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Waits between tries, in ms: ten tries over 75 hours and 35 minutes, as the Standard Webhooks specification recommends.
 */
const WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** How long to wait after so many failed tries (from 1); null when that was the last. */
export const waitAfter = (failedTries: number): number | null => WAITS_MS[failedTries - 1] ?? null;
