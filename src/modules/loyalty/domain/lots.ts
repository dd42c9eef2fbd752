import { assert } from '../../../kernel/assert.ts';

/** Points that lapse together. */
export type Lot = {
  /** At least 1. */
  readonly points: number;
  /** From this moment on they count no more. */
  readonly expiresAtMs: number;
};

export const pointsIn = (lots: readonly Lot[]): number => lots.reduce((sum, { points }) => sum + points, 0);

/** All of them in one order, soonest lapse first; those of one moment are one lot. */
export function joinLots(...parts: readonly (readonly Lot[])[]): readonly Lot[] {
  const byLapse = new Map<number, number>();
  for (const { points, expiresAtMs } of parts.flat()) {
    byLapse.set(expiresAtMs, (byLapse.get(expiresAtMs) ?? 0) + points);
  }
  return [...byLapse]
    .map(([expiresAtMs, points]) => ({ points, expiresAtMs }))
    .toSorted((a, b) => a.expiresAtMs - b.expiresAtMs);
}

/** Up to `count` points, those that lapse soonest first. @param lots soonest first */
export function takeFrom(lots: readonly Lot[], count: number): readonly Lot[] {
  const taken: Lot[] = [];
  let missing = count;
  for (const { points, expiresAtMs } of lots) {
    const part = Math.min(points, missing);
    if (part > 0) taken.push({ points: part, expiresAtMs });
    missing -= part;
  }
  return taken;
}

/** What is left of `lots` without `taken`, which is a part of them. */
export function without(lots: readonly Lot[], taken: readonly Lot[]): readonly Lot[] {
  const gone = new Map(taken.map(({ expiresAtMs, points }) => [expiresAtMs, points]));
  const left = lots.map((lot) => ({ ...lot, points: lot.points - (gone.get(lot.expiresAtMs) ?? 0) }));
  assert(
    left.every(({ points }) => points >= 0) && pointsIn(left) === pointsIn(lots) - pointsIn(taken),
    'points were taken that are not there',
  );
  return left.filter(({ points }) => points > 0);
}
