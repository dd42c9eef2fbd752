import { expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemoryLimiter } from '../../../infrastructure/limiter/memory-limiter.ts';
import { StoreUnavailable } from '../../../kernel/event-store.ts';
import { createAttempt } from './attempts.ts';

const ADDRESS = '203.0.113.7';
const phoneOf = (family: number): string => `+9967001${String(family).padStart(5, '0')}`;

const attempts = (reach: () => Promise<void>, clock = createManualClock(0)) =>
  createAttempt({
    limiter: createMemoryLimiter(clock),
    chainLimits: { isGuessing: async () => false, loginFailed: async () => undefined },
    codesAreFree: false,
    reach,
  });

test.each(['register', 'login'] as const)(
  'a thousand families behind one address may %s in one morning',
  async (what) => {
    const attempt = attempts(async () => undefined);
    for (let family = 0; family < 1_000; family += 1) {
      expect((await attempt(what, phoneOf(family), ADDRESS)).ok).toBe(true);
    }
  },
);

test('whoever tries again and again behind a crowded address is let in when the crowd is gone', async () => {
  const clock = createManualClock(0);
  const attempt = attempts(async () => undefined, clock);
  for (let family = 0; family < 1_000; family += 1) await attempt('login', phoneOf(family), ADDRESS);
  for (let tries = 0; tries < 100; tries += 1) {
    expect(await attempt('login', '+996700112233', ADDRESS)).toMatchObject({ refusal: { code: 'rate_limited' } });
  }
  expect((await attempt('login', '+996700112233', '203.0.113.8')).ok).toBe(true);
  clock.advance(2 * 900_000);
  expect((await attempt('login', '+996700112233', ADDRESS)).ok).toBe(true);
});

test('whoever tries again and again while nothing can be decided has used none of what may be tried', async () => {
  let isAway = true;
  const attempt = attempts(async () => {
    if (isAway) throw new StoreUnavailable('away');
  });
  const askForCode = () => attempt('otp', '+996700112233', ADDRESS);
  for (let tries = 0; tries < 100; tries += 1) await expect(askForCode()).rejects.toThrow(StoreUnavailable);
  isAway = false;
  // As many as ever: five an hour.
  for (let tries = 0; tries < 5; tries += 1) expect((await askForCode()).ok).toBe(true);
  expect((await askForCode()).ok).toBe(false);
});
