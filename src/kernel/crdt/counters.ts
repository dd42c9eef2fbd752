import { assert } from '../assert.ts';
import { mergedBy, type Replica } from './version-vector.ts';

/**
 * A counter that only grows: each replica raises its own part, and of two readings of a part the greater is the newer. Merging
 * twice changes nothing. Source: Shapiro and others, "A comprehensive study of CRDTs", INRIA RR-7506, 2011.
 */
export type GrowCounter = ReadonlyMap<Replica, number>;

/** A counter that rises and falls, without a bound: what came and what went, both of which only grow. */
export type PositiveNegativeCounter = { readonly came: GrowCounter; readonly went: GrowCounter };

export const GROW_COUNTER: GrowCounter = new Map();
export const POSITIVE_NEGATIVE_COUNTER: PositiveNegativeCounter = { came: GROW_COUNTER, went: GROW_COUNTER };

/** @param by whole and above zero */
export function grow(counter: GrowCounter, replica: Replica, by: number): GrowCounter {
  assert(Number.isSafeInteger(by) && by > 0, `a counter cannot grow by ${by}`);
  const part = (counter.get(replica) ?? 0) + by;
  assert(Number.isSafeInteger(part), `replica ${replica} has counted more than can be counted`);
  return new Map(counter).set(replica, part);
}

export const mergeGrowCounters = (one: GrowCounter, other: GrowCounter): GrowCounter => mergedBy(one, other, Math.max);

export const grown = (counter: GrowCounter): number => [...counter.values()].reduce((sum, part) => sum + part, 0);

/** @param by whole; below zero lowers the counter */
export function count({ came, went }: PositiveNegativeCounter, replica: Replica, by: number): PositiveNegativeCounter {
  return by > 0 ? { came: grow(came, replica, by), went } : { came, went: grow(went, replica, -by) };
}

export const mergeCounters = (
  one: PositiveNegativeCounter,
  other: PositiveNegativeCounter,
): PositiveNegativeCounter => ({
  came: mergeGrowCounters(one.came, other.came),
  went: mergeGrowCounters(one.went, other.went),
});

export const counted = ({ came, went }: PositiveNegativeCounter): number => grown(came) - grown(went);
