import { expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemoryLimiter } from '../../../infrastructure/limiter/memory-limiter.ts';
import { StoreUnavailable } from '../../../kernel/event-store.ts';
import { createAttempt } from './attempts.ts';

test('whoever tries again and again while nothing can be decided has used none of what may be tried', async () => {
  let isAway = true;
  const attempt = createAttempt({
    limiter: createMemoryLimiter(createManualClock(0)),
    chainLimits: { isGuessing: async () => false, loginFailed: async () => undefined },
    codesAreFree: false,
    reach: async () => {
      if (isAway) throw new StoreUnavailable('away');
    },
  });
  const askForCode = () => attempt('otp', '+996700112233', '203.0.113.7');
  for (let tries = 0; tries < 100; tries += 1) await expect(askForCode()).rejects.toThrow(StoreUnavailable);
  isAway = false;
  // As many as ever: five an hour.
  for (let tries = 0; tries < 5; tries += 1) expect((await askForCode()).ok).toBe(true);
  expect((await askForCode()).ok).toBe(false);
});
