import { expect, test } from 'vitest';
import { askInChunks } from './chunks.ts';

test.each([0, 1, 199, 200, 201, 1000])(
  'of %i values each is asked about once, in their order, few at a time',
  async (count) => {
    const values = Array.from({ length: count }, (_, index) => index);
    const asked: number[] = [];
    const found = await askInChunks(values, async (some) => {
      asked.push(some.length);
      return some.map((value) => value * 2);
    });
    expect(found).toEqual(values.map((value) => value * 2));
    expect(Math.max(0, ...asked)).toBeLessThanOrEqual(200);
    expect(asked).toHaveLength(Math.ceil(count / 200));
  },
);
