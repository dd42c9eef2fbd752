import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latenciesOf, median, quantile, ratioByRound, rotated } from './statistics.ts';

const numbers = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('statistics of a benchmark', () => {
  test('a median is the middle value, or the mean of the two middle ones', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([])).toBeNaN();
  });

  test('numbers are ordered as numbers', () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  test('a quantile is a value that was measured, never one between', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.51)).toBe(3);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([7], 0)).toBe(7);
  });

  test('at least the share of values does not exceed their quantile', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const sorted = Float64Array.from(values).sort();
        const found = quantile(sorted, share);
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length);
      }),
    );
  });

  test('p50, p99 and the longest wait are in order', () => {
    fc.assert(
      fc.property(numbers, (waits) => {
        const { p50Ms, p99Ms, mostMs } = latenciesOf(waits);
        expect(p50Ms).toBeLessThanOrEqual(p99Ms);
        expect(p99Ms).toBeLessThanOrEqual(mostMs);
        expect(mostMs).toBe(Math.max(...waits));
      }),
    );
  });

  test('a ratio is taken within each round, so a slow round counts as one', () => {
    // Twice as fast in every round; the machine was ten times slower in the second.
    expect(ratioByRound([200, 20, 220], [100, 10, 110])).toBe(2);
    expect(ratioByRound([200, 20, 20], [100, 10, 110])).toBe(2);
  });

  test('contenders of different numbers of rounds are not compared', () => {
    expect(() => ratioByRound([1], [1, 2])).toThrow(RangeError);
  });

  test('over as many rounds as contenders each is first once', () => {
    const names = ['a', 'b', 'c'];
    const orders = [0, 1, 2].map((round) => rotated(names, round));
    expect(new Set(orders.map(([first]) => first))).toEqual(new Set(names));
    for (const order of orders) expect(new Set(order)).toEqual(new Set(names));
    expect(rotated(names, 3)).toEqual(names);
    expect(rotated([], 5)).toEqual([]);
  });
});
