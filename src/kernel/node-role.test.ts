import { expect, test } from 'vitest';
import { isDoneBy } from './node-role.ts';

test('what says nothing is done at headquarters alone, the rest where it says', () => {
  expect([isDoneBy('hq'), isDoneBy('park')]).toEqual([true, false]);
  expect([isDoneBy('hq', 'park'), isDoneBy('park', 'park')]).toEqual([false, true]);
  expect([isDoneBy('hq', 'everywhere'), isDoneBy('park', 'everywhere')]).toEqual([true, true]);
});
