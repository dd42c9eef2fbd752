import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BOUNDED_COUNTER,
  give,
  leftOf,
  makeRights,
  mergeBounded,
  rightsOf,
  spend,
  type BoundedCounter,
} from './bounded-counter.ts';
import { inOrder, played, REPLICAS, stepsOf, testMergeLaws, type Mergeable } from './merge-laws.suite.ts';
import type { Replica } from './version-vector.ts';

type Action =
  | { readonly kind: 'make' | 'spend'; readonly amount: number }
  | { readonly kind: 'give'; readonly amount: number; readonly to: Replica };

const amount = fc.integer({ min: 1, max: 5 });

/** What is refused changes nothing. */
function acted(counter: BoundedCounter, replica: Replica, action: Action): BoundedCounter {
  if (action.kind === 'make') return makeRights(counter, replica, action.amount);
  if (action.kind === 'give' && action.to === replica) return counter;
  const done =
    action.kind === 'give' ? give(counter, replica, action.to, action.amount) : spend(counter, replica, action.amount);
  return done.ok ? done.value : counter;
}

const counters: Mergeable<BoundedCounter, Action> = {
  start: BOUNDED_COUNTER,
  action: fc.oneof<fc.Arbitrary<Action>[]>(
    fc.record({ kind: fc.constant('make'), amount }),
    fc.record({ kind: fc.constant('spend'), amount }),
    fc.record({ kind: fc.constant('give'), amount, to: fc.constantFrom(...REPLICAS) }),
  ),
  act: acted,
  merge: mergeBounded,
  formOf: ({ made, given, spent }) => [inOrder(made), inOrder(given), inOrder(spent)],
};

describe('a bounded counter', () => {
  testMergeLaws(counters);

  test('no more is ever spent than was brought in, whoever has heard of what', () => {
    fc.assert(
      fc.property(stepsOf(counters.action), (steps) => {
        const states = played(counters, steps);
        const merged = states.reduce(mergeBounded);
        expect(leftOf(merged)).toBeGreaterThanOrEqual(0);
        const held = REPLICAS.map((replica, index) => rightsOf(states[index] ?? merged, replica));
        for (const rights of held) expect(rights).toBeGreaterThanOrEqual(0);
        const inFlight = leftOf(merged) - held.reduce((sum, rights) => sum + rights, 0);
        expect(inFlight).toBeGreaterThanOrEqual(0);
        const all = REPLICAS.reduce((sum, replica) => sum + rightsOf(merged, replica), 0);
        expect(all).toBe(leftOf(merged));
      }),
      { numRuns: 500 },
    );
  });

  test('a gift counts for its receiver when it hears of it, once however often it does', () => {
    const giving = give(makeRights(BOUNDED_COUNTER, 'hq', 10), 'hq', 'park', 4);
    if (!giving.ok) throw new Error('refused');
    const hq = giving.value;
    expect(rightsOf(hq, 'hq')).toBe(6);
    expect(rightsOf(BOUNDED_COUNTER, 'park')).toBe(0);
    const park = mergeBounded(mergeBounded(BOUNDED_COUNTER, hq), hq);
    expect(rightsOf(park, 'park')).toBe(4);
  });

  test('nobody spends or gives what it does not hold, though others have it', () => {
    const counter = makeRights(BOUNDED_COUNTER, 'hq', 10);
    expect(spend(counter, 'park', 1)).toEqual({ ok: false, refusal: { code: 'not_enough_rights', rights: 0 } });
    expect(give(counter, 'hq', 'park', 11)).toEqual({ ok: false, refusal: { code: 'not_enough_rights', rights: 10 } });
  });

  test('giving to oneself would make rights from nothing', () => {
    expect(() => give(makeRights(BOUNDED_COUNTER, 'hq', 10), 'hq', 'hq', 1)).toThrow('cannot give to itself');
  });

  test.each([0, -3, 0.5, Number.NaN])('%s is no amount', (bad) => {
    const counter = makeRights(BOUNDED_COUNTER, 'hq', 10);
    expect(() => spend(counter, 'hq', bad)).toThrow('no amount');
    expect(() => give(counter, 'hq', 'park', bad)).toThrow('no amount');
    expect(() => makeRights(counter, 'hq', bad)).toThrow('no amount');
  });
});
