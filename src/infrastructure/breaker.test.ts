import { handleAll } from 'cockatiel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBreaker } from './breaker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what hangs counts as not asked until a call has come back well, or its alarm would never last', async () => {
  let isOpen = false;
  const breaker = createBreaker(handleAll, { failures: 2, openMs: 1000, onBreaker: (now) => (isOpen = now) });
  const fail = () => breaker.execute(() => Promise.reject(new Error('away'))).catch(() => undefined);
  await fail();
  expect(isOpen).toBe(false);
  await fail();
  expect(isOpen).toBe(true);
  vi.advanceTimersByTime(1000);
  let answer: (isWell: boolean) => void = () => undefined;
  const probing = breaker.execute(() => new Promise<boolean>((resolve) => (answer = resolve)));
  expect(isOpen).toBe(true);
  answer(true);
  await probing;
  expect(isOpen).toBe(false);
});
