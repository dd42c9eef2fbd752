import { expect, test } from 'vitest';
import { createManualClock, systemClock } from './clock.ts';

test('a manual clock stands still until it is moved', () => {
  const clock = createManualClock(1_000);
  expect([clock.now(), clock.now()]).toEqual([1_000, 1_000]);
  clock.advance(500);
  expect(clock.now()).toBe(1_500);
  clock.set(7);
  expect(clock.now()).toBe(7);
});

test('the system clock tells whole milliseconds of this machine', () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(Number.isInteger(now)).toBe(true);
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});
