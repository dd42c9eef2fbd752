import { expect, test } from 'vitest';
import { createTwiceReadClock } from './twice-read-clock.ts';

test('tells the earlier of two readings one after the other, and at first that nothing is over', () => {
  const readings = [100, 200, 9_000, 300, 50, 400, 400];
  const left = [...readings];
  const clock = createTwiceReadClock({ now: () => left.shift() ?? 0 });
  expect(readings.map(() => clock.now())).toEqual([0, 100, 200, 300, 50, 50, 400]);
});
