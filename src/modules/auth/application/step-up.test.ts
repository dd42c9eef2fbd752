import { expect, test } from 'vitest';
import { createIsFresh } from './step-up.ts';

const NOW_MS = 1_795_000_000_000;
const MINUTE_MS = 60_000;

const isFresh = createIsFresh({
  factors: { kindsOf: async () => [] },
  clock: { now: () => NOW_MS },
  stepUpMs: 15 * MINUTE_MS,
});

test.each([
  ['just now', 0, true],
  ['as long ago as may be', 15 * MINUTE_MS, true],
  ['longer ago', 15 * MINUTE_MS + 1, false],
  ['by a clock a little ahead', -MINUTE_MS, true],
  ['before the clock was set back', -MINUTE_MS - 1, false],
])('a proof given %s', async (_when, ageMs, counts) => {
  const authentication = { atMs: NOW_MS - ageMs, isTwoFactor: false };
  expect(await isFresh({ userId: 'somebody', authentication })).toBe(counts);
});
