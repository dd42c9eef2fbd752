import { describe, expect, test } from 'vitest';
import type { LimitPolicy, Limiter } from '../../kernel/limiter.ts';

/** What the suite needs from an implementation: a limiter by a clock that the suite moves, and a key nobody has used. */
export type LimiterHarness = {
  readonly limiter: Limiter;
  readonly clock: { nowMs: number };
  readonly unique: () => string;
};

const POLICY: LimitPolicy = { name: 'test', limit: 10, windowSeconds: 60 };
const WINDOW_MS = POLICY.windowSeconds * 1000;

/** Defines the tests that every implementation of {@link Limiter} must pass. */
export function describeLimiter(name: string, harness: () => LimiterHarness): void {
  const takeAll = async (limiter: Limiter, key: string, times: number, policy = POLICY) =>
    (await Promise.all(Array.from({ length: times }, () => limiter.take(policy, key)))).filter(({ ok }) => ok).length;

  describe(`limiter: ${name}`, () => {
    test('of many who ask at once exactly the limit are told yes', async () => {
      const { limiter, unique } = harness();
      expect(await takeAll(limiter, unique(), 200)).toBe(POLICY.limit);
    });

    test('each key and each policy has a count of its own', async () => {
      const { limiter, unique } = harness();
      const key = unique();
      await takeAll(limiter, key, 200);
      expect(await takeAll(limiter, unique(), 200)).toBe(POLICY.limit);
      expect(await takeAll(limiter, key, 200, { ...POLICY, name: 'other' })).toBe(POLICY.limit);
    });

    test('what is left goes down one by one to nothing', async () => {
      const { limiter, unique } = harness();
      const key = unique();
      const left: (number | null)[] = [];
      for (let index = 0; index < POLICY.limit + 1; index += 1) {
        const taken = await limiter.take(POLICY, key);
        left.push(taken.ok ? taken.remaining : null);
      }
      expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, null]);
    });

    test('several are taken at once, all or none, and what is left is told either way', async () => {
      const { limiter, unique } = harness();
      const key = unique();
      expect(await limiter.take(POLICY, key, 7)).toMatchObject({ ok: true, remaining: 3 });
      expect(await limiter.take(POLICY, key, 4)).toMatchObject({ ok: false, remaining: 3 });
      expect(await limiter.take(POLICY, key, 0)).toMatchObject({ ok: true, remaining: 3 });
      expect(await limiter.take(POLICY, key, 3)).toMatchObject({ ok: true, remaining: 0 });
      expect(await limiter.take(POLICY, key)).toMatchObject({ ok: false, remaining: 0 });
    });

    test('whoever waits for several as long as told gets them, and not much earlier', async () => {
      const { limiter, clock, unique } = harness();
      for (const amount of [2, 5, POLICY.limit]) {
        for (const takenBefore of [0, 4]) {
          clock.nowMs = Math.ceil(clock.nowMs / WINDOW_MS + 3) * WINDOW_MS - 20_000;
          const key = unique();
          await takeAll(limiter, key, takenBefore);
          clock.nowMs += 25_000;
          await takeAll(limiter, key, POLICY.limit);
          const refused = await limiter.take(POLICY, key, amount);
          const waitSeconds = refused.ok ? 0 : refused.retryAfterSeconds;
          expect(waitSeconds).toBeGreaterThan(0);
          clock.nowMs += (waitSeconds - 1) * 1000 - 1;
          expect(await limiter.take(POLICY, key, amount)).toMatchObject({ ok: false });
          clock.nowMs += 1001;
          expect(await limiter.take(POLICY, key, amount)).toMatchObject({ ok: true });
        }
      }
    });

    test('whoever waits as long as told is let through, and not much earlier', async () => {
      const { limiter, clock, unique } = harness();
      for (const beforeMs of [0, 1, 20_000, 59_999]) {
        for (const halfMs of [0, 35_000]) {
          clock.nowMs = Math.ceil(clock.nowMs / WINDOW_MS + 3) * WINDOW_MS + beforeMs;
          const key = unique();
          await takeAll(limiter, key, POLICY.limit / 2);
          clock.nowMs += halfMs;
          await takeAll(limiter, key, POLICY.limit);
          const refused = await limiter.take(POLICY, key);
          const waitSeconds = refused.ok ? 0 : refused.retryAfterSeconds;
          expect(waitSeconds).toBeGreaterThan(0);
          clock.nowMs += (waitSeconds - 1) * 1000 - 1;
          expect(await limiter.take(POLICY, key)).toMatchObject({ ok: false });
          clock.nowMs += 1001;
          expect(await limiter.take(POLICY, key)).toMatchObject({ ok: true });
        }
      }
    });

    test('nobody gets twice the limit by asking around the end of a window', async () => {
      const { limiter, clock, unique } = harness();
      const key = unique();
      clock.nowMs = Math.ceil(clock.nowMs / WINDOW_MS + 3) * WINDOW_MS - 1;
      expect(await takeAll(limiter, key, 200)).toBe(POLICY.limit);
      clock.nowMs += 2;
      expect(await takeAll(limiter, key, 200)).toBe(0);
    });

    test('being refused uses nothing: after two quiet windows the whole limit is there again', async () => {
      const { limiter, clock, unique } = harness();
      const key = unique();
      await takeAll(limiter, key, 500);
      clock.nowMs += 2 * WINDOW_MS;
      expect(await takeAll(limiter, key, 500)).toBe(POLICY.limit);
    });

    test('a clock that is set back locks nobody out', async () => {
      const { limiter, clock, unique } = harness();
      const key = unique();
      await takeAll(limiter, key, 500);
      clock.nowMs -= 3_600_000;
      expect(await limiter.take(POLICY, key)).toMatchObject({ ok: true });
    });
  });
}
