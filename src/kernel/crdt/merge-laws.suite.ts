import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Replica } from './version-vector.ts';

export const REPLICAS = ['a', 'b', 'c'] as const satisfies readonly Replica[];

export type Mergeable<State, Action> = {
  readonly start: State;
  readonly action: fc.Arbitrary<Action>;
  /** What a replica does to its own state. */
  act(state: State, replica: Replica, action: Action): State;
  merge(one: State, other: State): State;
  /** All of a state, in one form however it came about. */
  formOf(state: State): unknown;
};

type Step<Action> =
  | { readonly by: Replica; readonly action: Action }
  /** Somebody reads what somebody else had at that time, also a second time and in another order than it was written. */
  | { readonly by: Replica; readonly from: Replica; readonly ago: number };

const replica = fc.constantFrom(...REPLICAS);

/** Runs steps of three replicas that act on their own and read one another's states, new and old. @returns their states */
export function played<State, Action>(
  { start, act, merge }: Mergeable<State, Action>,
  steps: readonly Step<Action>[],
): readonly State[] {
  const histories = new Map<Replica, readonly State[]>();
  const stateOf = (who: Replica, ago: number): State => {
    const history = histories.get(who) ?? [];
    return history.at(-1 - (ago % Math.max(1, history.length))) ?? start;
  };
  for (const step of steps) {
    const now = stateOf(step.by, 0);
    const then = 'action' in step ? act(now, step.by, step.action) : merge(now, stateOf(step.from, step.ago));
    histories.set(step.by, [...(histories.get(step.by) ?? []), then]);
  }
  return REPLICAS.map((who) => stateOf(who, 0));
}

export const stepsOf = <Action>(action: fc.Arbitrary<Action>): fc.Arbitrary<readonly Step<Action>[]> =>
  fc.array(fc.oneof(fc.record({ by: replica, action }), fc.record({ by: replica, from: replica, ago: fc.nat(20) })), {
    maxLength: 30,
    size: 'max',
  });

/** The entries of a map, in the order of their keys. */
export const inOrder = (parts: ReadonlyMap<string, unknown>): unknown =>
  [...parts].toSorted(([one], [other]) => (one < other ? -1 : 1));

/** Merging is commutative, associative and idempotent, and whoever has merged all has the same. */
export function testMergeLaws<State, Action>(mergeable: Mergeable<State, Action>): void {
  const { merge, formOf } = mergeable;
  const states = stepsOf(mergeable.action).map((steps) => played(mergeable, steps));
  const same = (one: State, other: State): void => expect(formOf(one)).toEqual(formOf(other));

  test('merging in any order, grouping and number gives the same', () => {
    fc.assert(
      fc.property(states, ([one, other, third]) => {
        if (one === undefined || other === undefined || third === undefined) return;
        same(merge(one, other), merge(other, one));
        same(merge(merge(one, other), third), merge(one, merge(other, third)));
        same(merge(one, one), one);
        same(merge(merge(one, other), one), merge(one, other));
      }),
      { numRuns: 300 },
    );
  });
}
