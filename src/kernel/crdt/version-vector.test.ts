import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPLICAS, testMergeLaws } from './merge-laws.suite.ts';
import {
  compareVectors,
  hasRead,
  mergeVectors,
  nextDot,
  NOTHING_READ,
  numberOf,
  readDot,
  vectorFromJson,
  vectorToJson,
  type VersionVector,
} from './version-vector.ts';

const vectors = fc
  .array(fc.tuple(fc.constantFrom(...REPLICAS), fc.nat(3)))
  .map((entries): VersionVector => new Map(entries));

const atMost = (one: VersionVector, other: VersionVector): boolean =>
  REPLICAS.every((replica) => numberOf(one, replica) <= numberOf(other, replica));

const OPPOSITE = { less: 'greater', greater: 'less', equal: 'equal', concurrent: 'concurrent' } as const;

describe('version vectors', () => {
  testMergeLaws({
    start: NOTHING_READ,
    action: fc.constant(null),
    act: (vector, replica) => readDot(vector, nextDot(vector, replica)),
    merge: mergeVectors,
    formOf: vectorToJson,
  });

  test('compare in four ways, as the order of their entries says', () => {
    fc.assert(
      fc.property(vectors, vectors, (one, other) => {
        const [below, above] = [atMost(one, other), atMost(other, one)];
        const expected = below ? (above ? 'equal' : 'less') : above ? 'greater' : 'concurrent';
        expect(compareVectors(one, other)).toBe(expected);
        expect(compareVectors(other, one)).toBe(OPPOSITE[expected]);
      }),
    );
  });

  test('what is less than a lesser one is less', () => {
    fc.assert(
      fc.property(vectors, vectors, vectors, (one, other, third) => {
        fc.pre(compareVectors(one, other) === 'less' && compareVectors(other, third) === 'less');
        expect(compareVectors(one, third)).toBe('less');
      }),
    );
  });

  test('the merge is the least of those that have read both', () => {
    fc.assert(
      fc.property(vectors, vectors, vectors, (one, other, third) => {
        const merged = mergeVectors(one, other);
        expect(atMost(one, merged) && atMost(other, merged)).toBe(true);
        if (atMost(one, third) && atMost(other, third)) expect(atMost(merged, third)).toBe(true);
      }),
    );
  });

  test('two that have each read what the other has not are concurrent, not equal', () => {
    expect(compareVectors(new Map([['a', 1]]), new Map([['b', 1]]))).toBe('concurrent');
    expect(compareVectors(new Map([['a', 0]]), NOTHING_READ)).toBe('equal');
  });

  test('a dot is read in its turn and not before', () => {
    const vector = readDot(NOTHING_READ, { replica: 'a', number: 1 });
    expect(hasRead(vector, { replica: 'a', number: 1 })).toBe(true);
    expect(hasRead(vector, { replica: 'a', number: 2 })).toBe(false);
    expect(() => readDot(vector, { replica: 'a', number: 3 })).toThrow('read a:3 where 2 comes next');
    expect(() => nextDot(new Map([['a', Number.MAX_SAFE_INTEGER]]), 'a')).toThrow('more than can be counted');
  });

  test('a vector survives JSON, and names that objects inherit are names like others', () => {
    const vector = new Map([
      ['constructor', 2],
      ['__proto__', 1],
    ]);
    expect(vectorFromJson(JSON.parse(JSON.stringify(vectorToJson(vector))))).toEqual(vector);
    expect(numberOf(NOTHING_READ, 'constructor')).toBe(0);
  });

  test.each([
    [
      'twice',
      [
        ['a', 1],
        ['a', 2],
      ],
    ],
    ['a vector of nothing', [['a', 0]]],
    ['below zero', [['a', -1]]],
    ['a fraction', [['a', 1.5]]],
  ] satisfies [string, [string, number][]][])('entries that are no vector are a broken invariant: %s', (_, entries) => {
    expect(() => vectorFromJson(entries)).toThrow();
  });
});
