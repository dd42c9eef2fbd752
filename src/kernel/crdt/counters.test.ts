import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  count,
  counted,
  grow,
  GROW_COUNTER,
  grown,
  mergeCounters,
  mergeGrowCounters,
  POSITIVE_NEGATIVE_COUNTER,
} from './counters.ts';
import { inOrder, played, stepsOf, testMergeLaws, type Mergeable } from './merge-laws.suite.ts';

const growing: Mergeable<typeof GROW_COUNTER, number> = {
  start: GROW_COUNTER,
  action: fc.integer({ min: 1, max: 9 }),
  act: grow,
  merge: mergeGrowCounters,
  formOf: inOrder,
};

const moving: Mergeable<typeof POSITIVE_NEGATIVE_COUNTER, number> = {
  start: POSITIVE_NEGATIVE_COUNTER,
  action: fc.integer({ min: -9, max: 9 }).filter((by) => by !== 0),
  act: count,
  merge: mergeCounters,
  formOf: ({ came, went }) => [inOrder(came), inOrder(went)],
};

/** Whoever has merged everything has counted each step once. */
function testCountsAll<State>(mergeable: Mergeable<State, number>, read: (state: State) => number): void {
  test('counts each step of everybody once', () => {
    fc.assert(
      fc.property(stepsOf(mergeable.action), (steps) => {
        const sum = steps.reduce((all, step) => all + ('action' in step ? step.action : 0), 0);
        const merged = played(mergeable, steps).reduce((one, other) => mergeable.merge(one, other));
        expect(read(merged)).toBe(sum);
      }),
    );
  });
}

describe('a counter that only grows', () => {
  testMergeLaws(growing);
  testCountsAll(growing, grown);

  test('of an older and a newer reading of a gate the newer counts, in whichever order they come', () => {
    const [older, newer] = [new Map([['gate', 120]]), new Map([['gate', 180]])];
    expect(grown(mergeGrowCounters(older, newer))).toBe(180);
    expect(grown(mergeGrowCounters(newer, older))).toBe(180);
  });

  test.each([0, -1, 1.5, Number.NaN])('cannot grow by %s', (by) => {
    expect(() => grow(GROW_COUNTER, 'a', by)).toThrow('cannot grow by');
  });
});

describe('a counter that rises and falls', () => {
  testMergeLaws(moving);
  testCountsAll(moving, counted);

  test('has no bound: two replicas that each take the last one take two', () => {
    const one = count(POSITIVE_NEGATIVE_COUNTER, 'hq', 1);
    expect(counted(mergeCounters(count(one, 'a', -1), count(one, 'b', -1)))).toBe(-1);
  });
});
