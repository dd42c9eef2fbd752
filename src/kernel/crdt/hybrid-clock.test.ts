import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_AHEAD_MS, msOfStamp, stampOfMs, tick, witness, type HybridStamp } from './hybrid-clock.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const moments = fc.integer({ min: 0, max: 2 * NOW_MS });

describe('the hybrid clock', () => {
  test('rises with every tick, whatever the wall clock does', () => {
    fc.assert(
      fc.property(fc.array(moments, { minLength: 2 }), (readings) => {
        let last: HybridStamp = 0n;
        for (const nowMs of readings) {
          const next = tick(last, nowMs);
          expect(next > last).toBe(true);
          expect(msOfStamp(next)).toBeGreaterThanOrEqual(nowMs);
          last = next;
        }
      }),
    );
  });

  test('what happens after a message is later than its stamp, and never further ahead than the furthest clock', () => {
    const who = fc.constantFrom('a', 'b', 'c');
    const nowMs = fc.integer({ min: NOW_MS, max: NOW_MS + 1000 });
    fc.assert(
      fc.property(fc.array(fc.record({ by: who, from: who, nowMs })), (steps) => {
        const clocks = new Map<string, HybridStamp>();
        for (const step of steps) {
          const seen = clocks.get(step.from) ?? 0n;
          const read = witness(clocks.get(step.by) ?? 0n, seen, step.nowMs);
          const next = tick(read.last, step.nowMs);
          expect(read.isSuspect).toBe(false);
          expect(next > seen).toBe(true);
          expect(msOfStamp(next)).toBeLessThanOrEqual(NOW_MS + 1000);
          clocks.set(step.by, next);
        }
      }),
    );
  });

  test('a stamp too far ahead is told of and not followed', () => {
    const last = stampOfMs(NOW_MS - 5);
    const near = stampOfMs(NOW_MS + MOST_AHEAD_MS);
    expect(witness(last, near, NOW_MS)).toEqual({ last: near, isSuspect: false });
    expect(witness(last, stampOfMs(NOW_MS + MOST_AHEAD_MS + 1), NOW_MS)).toEqual({ last, isSuspect: true });
  });

  test('65 536 things in a millisecond do not repeat a stamp but borrow from the next one', () => {
    let last = stampOfMs(NOW_MS);
    for (let index = 0; index < 65_536; index += 1) last = tick(last, NOW_MS);
    expect(last).toBe(stampOfMs(NOW_MS + 1));
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%s is no moment', (ms) => {
    expect(() => stampOfMs(ms)).toThrow('is no moment');
  });
});
