import { assert } from '../assert.ts';

/**
 * A moment of a hybrid logical clock: milliseconds since 1970 shifted left by 16 bits, plus a counter. Later by cause is later
 * by stamp, and a stamp stays near the wall clock. It orders what is shown and breaks ties; it never decides about money or
 * admissions. Source: Kulkarni and others, "Logical Physical Clocks", 2014.
 */
export type HybridStamp = bigint;

/** How far ahead of our clock a stamp of somebody else may be before we stop following it. */
export const MOST_AHEAD_MS = 300_000;

const COUNTER_BITS = 16n;

/** The first stamp of a millisecond. */
export function stampOfMs(ms: number): HybridStamp {
  assert(Number.isSafeInteger(ms) && ms >= 0, `${ms} is no moment in milliseconds`);
  return BigInt(ms) << COUNTER_BITS;
}

/** Milliseconds since 1970 of a stamp. */
export const msOfStamp = (stamp: HybridStamp): number => Number(stamp >> COUNTER_BITS);

/** The stamp of something that happens now: later than `last`, whatever the wall clock says. */
export function tick(last: HybridStamp, nowMs: number): HybridStamp {
  const now = stampOfMs(nowMs);
  return now > last ? now : last + 1n;
}

/**
 * Takes note of a stamp that came from somebody else.
 * @returns where our clock stands then, and whether the stamp was too far ahead to be followed; that is for a person to look
 *   at, and no reason to refuse what it stamps: one wrong clock must not stop everybody.
 */
export function witness(
  last: HybridStamp,
  seen: HybridStamp,
  nowMs: number,
): { readonly last: HybridStamp; readonly isSuspect: boolean } {
  const isSuspect = msOfStamp(seen) > nowMs + MOST_AHEAD_MS;
  return { last: isSuspect || seen < last ? last : seen, isSuspect };
}
