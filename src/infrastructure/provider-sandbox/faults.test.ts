import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { areFaults, createFaultBook, FAULTS, plannedFaults } from './faults.ts';

const lost = (times: number) => ({ moment: 'create', kind: 'answer_lost', times }) as const;

describe('the faults of an order', () => {
  test('come as often as they were asked for, at their moment, and hit no other order', () => {
    const book = createFaultBook(null);
    book.setFor('mine', [lost(2), { moment: 'status', kind: 'slow', times: 1 }]);
    expect([1, 2, 3].map(() => book.take('mine', 'create'))).toEqual(['answer_lost', 'answer_lost', null]);
    expect([book.take('other', 'status'), book.take('mine', 'status')]).toEqual([null, 'slow']);
  });

  test('that are for the next order are for one that is created, not for one that is known', () => {
    const book = createFaultBook(null);
    expect(book.take('known', 'create')).toBeNull();
    book.setNext([lost(1)]);
    expect([book.take('known', 'create'), book.take('asked about', 'status')]).toEqual([null, null]);
    expect([book.take('new', 'create'), book.take('newer', 'create')]).toEqual(['answer_lost', null]);
  });

  test('of a kind that cannot happen now wait', () => {
    const book = createFaultBook(null);
    book.setFor('mine', [{ moment: 'payment', kind: 'after_end', times: 1 }]);
    expect(book.take('mine', 'payment', 'other_amount')).toBeNull();
    expect(book.take('mine', 'payment', 'after_end')).toBe('after_end');
  });

  test.each([
    [[{ moment: 'create', kind: 'answer_lost' }]],
    [[{ moment: 'create', kind: 'duplicate', times: 1 }]],
    [[{ moment: 'never', kind: 'slow', times: 1 }]],
    [[{ moment: 'create', kind: 'slow', times: 0 }]],
    [{ moment: 'create', kind: 'slow', times: 1 }],
  ])('must be of a kind that there is at that moment: %j is refused', (faults) => {
    expect(areFaults(faults)).toBe(false);
    expect(areFaults([lost(1)])).toBe(true);
  });
});

describe('a plan', () => {
  const keys = Array.from({ length: 3000 }, () => randomUUID());
  const seed = 7;

  test('gives the same order the same faults, also in another process, and another seed gives others', () => {
    const plan = { seed, rate: 0.5 };
    expect(plannedFaults(plan, 'order 1')).toMatchInlineSnapshot(`
      [
        {
          "kind": "slow",
          "moment": "status",
          "times": 1,
        },
        {
          "kind": "stale_timestamp",
          "moment": "webhook",
          "times": 3,
        },
      ]
    `);
    const of = (by: number) => keys.map((key) => plannedFaults({ seed: by, rate: 0.5 }, key));
    expect(of(seed)).toEqual(of(seed));
    expect(of(seed)).not.toEqual(of(seed + 1));
  });

  test('hits so many orders as it says at each moment, with every fault there is', () => {
    const faults = keys.flatMap((key) => plannedFaults({ seed, rate: 0.25 }, key));
    for (const [moment, kinds] of Object.entries(FAULTS)) {
      const here = faults.filter((fault) => fault.moment === moment);
      expect(here.length / keys.length).toBeGreaterThan(0.2);
      expect(here.length / keys.length).toBeLessThan(0.3);
      expect(new Set(here.map(({ kind }) => kind))).toEqual(new Set(kinds));
    }
    expect(areFaults(faults.slice(0, 50))).toBe(true);
    expect(keys.flatMap((key) => plannedFaults({ seed, rate: 0 }, key))).toEqual([]);
  });
});
