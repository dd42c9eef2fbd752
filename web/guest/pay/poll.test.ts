import { expect, test } from 'vitest';
import { waitBefore } from './poll.ts';

test('looks become rarer, up to a quarter of a minute', () => {
  const waits = Array.from({ length: 12 }, (_, look) => waitBefore(look));
  expect(waits[0]).toBe(2_000);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(15_000);
});
