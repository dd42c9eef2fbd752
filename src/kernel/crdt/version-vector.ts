import { assert } from '../assert.ts';

/** Who writes: one life of a node's log, or a device. Never the node itself, whose log may be restored to an older state. */
export type Replica = string;

/** One thing that a replica wrote: its number in what that replica wrote, from 1 on. */
export type Dot = { readonly replica: Replica; readonly number: number };

/** How far somebody has read what each replica wrote, everything up to there; a replica without an entry has 0. */
export type VersionVector = ReadonlyMap<Replica, number>;

/** How one vector stands to another. Equal and concurrent are told apart: only the latter is a conflict. */
export type Ordering = 'less' | 'greater' | 'equal' | 'concurrent';

export const NOTHING_READ: VersionVector = new Map();

export const numberOf = (vector: VersionVector, replica: Replica): number => vector.get(replica) ?? 0;

/** The partial order of vectors: one is less where no entry of it is greater and some entry is less. */
export function compareVectors(one: VersionVector, other: VersionVector): Ordering {
  const isLess = [...other].some(([replica, number]) => numberOf(one, replica) < number);
  const isGreater = [...one].some(([replica, number]) => numberOf(other, replica) < number);
  if (isLess && isGreater) return 'concurrent';
  if (isLess) return 'less';
  return isGreater ? 'greater' : 'equal';
}

/** The least vector that has read what either has read. */
export function mergeVectors(one: VersionVector, other: VersionVector): VersionVector {
  return mergedBy(one, other, Math.max);
}

/** Entry by entry of both maps; `choose` is asked only where both have one. */
export function mergedBy<Key, Value>(
  one: ReadonlyMap<Key, Value>,
  other: ReadonlyMap<Key, Value>,
  choose: (one: Value, other: Value) => Value,
): ReadonlyMap<Key, Value> {
  const merged = new Map(one);
  for (const [key, value] of other) {
    const known = merged.get(key);
    merged.set(key, known === undefined ? value : choose(known, value));
  }
  return merged;
}

/** Whether what the dot names was read. */
export const hasRead = (vector: VersionVector, { replica, number }: Dot): boolean =>
  number <= numberOf(vector, replica);

/** The dot of what a replica writes next. */
export function nextDot(vector: VersionVector, replica: Replica): Dot {
  const number = numberOf(vector, replica) + 1;
  assert(Number.isSafeInteger(number), `replica ${replica} has written more than can be counted`);
  return { replica, number };
}

/**
 * Reads one more dot.
 * @throws BrokenInvariant when it is not the next one of its replica: a vector cannot tell of holes.
 */
export function readDot(vector: VersionVector, dot: Dot): VersionVector {
  const expected = numberOf(vector, dot.replica) + 1;
  assert(dot.number === expected, `read ${dot.replica}:${dot.number} where ${expected} comes next`);
  return new Map(vector).set(dot.replica, dot.number);
}

/** Entries of replicas that wrote something, in the order of their names, so that equal vectors are equal JSON. */
export const vectorToJson = (vector: VersionVector): readonly (readonly [Replica, number])[] =>
  [...vector].filter(([, number]) => number > 0).toSorted(([one], [other]) => (one < other ? -1 : 1));

/** @throws BrokenInvariant when the entries are no vector: a replica twice, or a number that does not count. */
export function vectorFromJson(entries: readonly (readonly [Replica, number])[]): VersionVector {
  const vector = new Map(entries);
  assert(vector.size === entries.length, 'a replica occurs twice in a vector');
  for (const [replica, number] of vector) {
    assert(Number.isSafeInteger(number) && number > 0, `replica ${replica} cannot have written ${number}`);
  }
  return vector;
}
