import { assert } from '../../kernel/assert.ts';
import type { LimitPolicy, Taken } from '../../kernel/limiter.ts';

/**
 * A sliding window in two counters: what was taken in the window before counts for the share of it that still lies within
 * the last `windowSeconds`, as if it had been taken evenly.
 */
export type WindowCounts = { readonly current: number; readonly previous: number };

/** How many milliseconds of the window are free: whole numbers, a thing that is taken counts the length of the window. */
const freeMs = ({ current, previous }: WindowCounts, limit: number, windowMs: number, leftMs: number): number =>
  (limit - current) * windowMs - previous * leftMs;

export function assertTakeable({ limit }: LimitPolicy, amount: number): void {
  assert(Number.isInteger(amount) && amount >= 0 && amount <= limit, `${amount} of ${limit} can never be taken`);
}

/** Whether `amount` may be taken now, `intoMs` after the window began. */
export function fits(
  counts: WindowCounts,
  { limit, windowSeconds }: LimitPolicy,
  amount: number,
  intoMs: number,
): boolean {
  const windowMs = windowSeconds * 1000;
  return freeMs(counts, limit, windowMs, windowMs - intoMs) >= amount * windowMs;
}

/** What whoever asked is told. @param counts those of before */
export function answer(
  counts: WindowCounts,
  { limit, windowSeconds }: LimitPolicy,
  amount: number,
  intoMs: number,
  ok: boolean,
): Taken {
  const windowMs = windowSeconds * 1000;
  const leftMs = windowMs - intoMs;
  const free = Math.floor(freeMs(counts, limit, windowMs, leftMs) / windowMs);
  if (ok) return { ok, remaining: Math.max(0, free - amount), resetSeconds: Math.ceil(leftMs / 1000) };
  // Too full by itself, it has to become the window before and let some go; else the window before has to let enough go.
  const over = counts.current + amount - limit;
  const waitMs = over > 0 ? leftMs + (over * windowMs) / counts.current : leftMs + (over * windowMs) / counts.previous;
  return { ok, remaining: Math.max(0, free), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
}
