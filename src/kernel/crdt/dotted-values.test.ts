import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addElement,
  areSame,
  elementsOf,
  mergeValues,
  NO_VALUES,
  removeElement,
  valuesOf,
  writeRegister,
  type DottedValues,
  type MultiValueRegister,
  type ObservedRemoveSet,
} from './dotted-values.ts';
import { played, stepsOf, testMergeLaws, type Mergeable } from './merge-laws.suite.ts';
import { vectorToJson } from './version-vector.ts';

type Change = { readonly adds: boolean; readonly element: string };

const formOf = ({ read, values }: DottedValues<string>): unknown => [
  vectorToJson(read),
  [...values.values()].map(({ dot, value }) => `${dot.replica}:${dot.number}:${value}`).toSorted(),
];

const sets: Mergeable<ObservedRemoveSet<string>, Change> = {
  start: NO_VALUES,
  action: fc.record({ adds: fc.boolean(), element: fc.constantFrom('x', 'y', 'z') }),
  act: (set, replica, { adds, element }) => (adds ? addElement(set, replica, element) : removeElement(set, element)),
  merge: mergeValues,
  formOf,
};

/** The same set, told in the words of its definition: every addition with a name, and the names of those that were removed. */
type Remembered = { readonly added: ReadonlyMap<string, string>; readonly removed: ReadonlySet<string> };
let additions = 0;
const remembered: Mergeable<Remembered, Change> = {
  start: { added: new Map(), removed: new Set() },
  action: sets.action,
  act({ added, removed }, _, { adds, element }) {
    const seen = [...added].filter(([, known]) => known === element).map(([name]) => name);
    if (!adds) return { added, removed: new Set([...removed, ...seen]) };
    additions += 1;
    return { added: new Map(added).set(String(additions), element), removed: new Set([...removed, ...seen]) };
  },
  merge: (one, other) => ({
    added: new Map([...one.added, ...other.added]),
    removed: new Set([...one.removed, ...other.removed]),
  }),
  formOf: ({ added, removed }) => [[...added], [...removed]],
};
const elementsRemembered = ({ added, removed }: Remembered): readonly string[] =>
  [...new Set([...added].filter(([name]) => !removed.has(name)).map(([, element]) => element))].toSorted();

describe('an observed-remove set', () => {
  testMergeLaws(sets);

  test('holds what was added and not removed by anybody who had seen that', () => {
    fc.assert(
      fc.property(stepsOf(sets.action), (steps) => {
        expect(played(sets, steps).map(elementsOf)).toEqual(played(remembered, steps).map(elementsRemembered));
      }),
    );
  });

  test('an addition that a removal has not seen wins', () => {
    const both = addElement(NO_VALUES, 'a', 'gate 1');
    const removed = removeElement(both, 'gate 1');
    const addedAgain = addElement(both, 'b', 'gate 1');
    expect(elementsOf(mergeValues(removed, both))).toEqual([]);
    expect(elementsOf(mergeValues(removed, addedAgain))).toEqual(['gate 1']);
  });

  test('keeps one dot an element, and nothing of what was removed', () => {
    let set: ObservedRemoveSet<string> = NO_VALUES;
    for (let index = 0; index < 100; index += 1) set = addElement(set, 'a', 'gate 1');
    expect(set.values.size).toBe(1);
    expect(removeElement(set, 'gate 1').values.size).toBe(0);
  });
});

const registers: Mergeable<MultiValueRegister<string>, string> = {
  start: NO_VALUES,
  action: fc.constantFrom('one', 'two', 'three'),
  act: writeRegister,
  merge: mergeValues,
  formOf,
};

describe('a multi-value register', () => {
  testMergeLaws(registers);

  test('keeps what was written at the same time until somebody who saw it writes', () => {
    const start = writeRegister(NO_VALUES, 'hq', 'calm child');
    const [one, other] = [writeRegister(start, 'a', 'allergic to nuts'), writeRegister(start, 'b', 'lost a shoe')];
    const merged = mergeValues(one, other);
    expect(valuesOf(merged)).toEqual(['allergic to nuts', 'lost a shoe']);
    const settled = writeRegister(merged, 'hq', 'allergic to nuts, lost a shoe');
    expect(valuesOf(mergeValues(settled, one))).toEqual(['allergic to nuts, lost a shoe']);
  });

  test('whoever writes and reads alone has one value; nothing written is lost without being overwritten', () => {
    fc.assert(
      fc.property(stepsOf(registers.action), (steps) => {
        const states = played(registers, steps);
        const merged = states.reduce(mergeValues<string>);
        const wrote = steps.some((step) => 'action' in step);
        expect(valuesOf(merged).length > 0).toBe(wrote);
        const alone = writeRegister(merged, 'a', 'last');
        expect(valuesOf(alone)).toEqual(['last']);
      }),
    );
  });

  test('two are the same when they have read and hold the same', () => {
    const one = writeRegister(NO_VALUES, 'a', 'x');
    expect(areSame(one, mergeValues(NO_VALUES, one))).toBe(true);
    expect(areSame(one, NO_VALUES)).toBe(false);
    expect(areSame(one, writeRegister(one, 'a', 'x'))).toBe(false);
  });
});
