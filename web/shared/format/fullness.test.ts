import { expect, test } from 'vitest';
import { fullnessOf } from './fullness.ts';

test.each([
  [0, 300, 'good'],
  [254, 300, 'good'],
  [255, 300, 'warn'],
  [299, 300, 'warn'],
  [300, 300, 'bad'],
  [310, 300, 'bad'],
  [0, 0, 'good'],
] as const)('%i of %i is %s', (taken, most, fullness) => expect(fullnessOf(taken, most)).toBe(fullness));
