import {
  compareVectors,
  hasRead,
  mergeVectors,
  nextDot,
  NOTHING_READ,
  readDot,
  type Dot,
  type Replica,
  type VersionVector,
} from './version-vector.ts';

/**
 * Values that are there, each named by the dot that wrote it, and all that was ever read. A dot that was read and is not there
 * was removed: no tombstone is kept. Source: Almeida, Shoker, Baquero, "Delta state replicated data types", 2018, the dot kernel.
 */
export type DottedValues<Value> = {
  readonly read: VersionVector;
  readonly values: ReadonlyMap<DotName, { readonly dot: Dot; readonly value: Value }>;
};

type DotName = `${number}:${Replica}`;

const nameOf = ({ replica, number }: Dot): DotName => `${number}:${replica}`;

export const NO_VALUES: DottedValues<never> = { read: NOTHING_READ, values: new Map() };

/** Writes a value in the place of those that `isReplaced` names among what is there. */
export function write<Value>(
  { read, values }: DottedValues<Value>,
  replica: Replica,
  value: Value,
  isReplaced: (value: Value) => boolean,
): DottedValues<Value> {
  const dot = nextDot(read, replica);
  const kept = [...values].filter((one) => !isReplaced(one[1].value));
  return { read: readDot(read, dot), values: new Map([...kept, [nameOf(dot), { dot, value }]]) };
}

/** Removes what is there and named by `isRemoved`; what others write meanwhile stays. */
export const remove = <Value>(
  { read, values }: DottedValues<Value>,
  isRemoved: (value: Value) => boolean,
): DottedValues<Value> => ({ read, values: new Map([...values].filter((one) => !isRemoved(one[1].value))) });

/** Keeps what both have, and what one has that the other has never read. */
export function mergeValues<Value>(one: DottedValues<Value>, other: DottedValues<Value>): DottedValues<Value> {
  const values = new Map<DotName, { readonly dot: Dot; readonly value: Value }>();
  for (const [name, entry] of one.values) {
    if (other.values.has(name) || !hasRead(other.read, entry.dot)) values.set(name, entry);
  }
  for (const [name, entry] of other.values) {
    if (!hasRead(one.read, entry.dot)) values.set(name, entry);
  }
  return { read: mergeVectors(one.read, other.read), values };
}

/** Whether both have read and hold the same. */
export function areSame<Value>(one: DottedValues<Value>, other: DottedValues<Value>): boolean {
  const isSame = compareVectors(one.read, other.read) === 'equal' && one.values.size === other.values.size;
  return isSame && [...one.values.keys()].every((name) => other.values.has(name));
}

/** A set whose elements come back when somebody adds them while somebody else, who has not seen that, removes them. */
export type ObservedRemoveSet<Element extends string> = DottedValues<Element>;

export const addElement = <Element extends string>(
  set: ObservedRemoveSet<Element>,
  replica: Replica,
  element: Element,
): ObservedRemoveSet<Element> => write(set, replica, element, (known) => known === element);

export const removeElement = <Element extends string>(
  set: ObservedRemoveSet<Element>,
  element: Element,
): ObservedRemoveSet<Element> => remove(set, (known) => known === element);

/** In the order of their text. */
export const elementsOf = <Element extends string>({ values }: ObservedRemoveSet<Element>): readonly Element[] =>
  [...new Set([...values.values()].map(({ value }) => value))].toSorted();

/** A place for one value that keeps all that were written at the same time, until somebody who saw them writes another. */
export type MultiValueRegister<Value> = DottedValues<Value>;

export const writeRegister = <Value>(
  register: MultiValueRegister<Value>,
  replica: Replica,
  value: Value,
): MultiValueRegister<Value> => write(register, replica, value, () => true);

/** One value, or several that nobody has chosen from yet, in the order of their dots; none where nobody ever wrote. */
export const valuesOf = <Value>({ values }: MultiValueRegister<Value>): readonly Value[] =>
  [...values].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, { value }]) => value);
