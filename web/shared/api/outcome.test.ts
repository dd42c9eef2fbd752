import { expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';

const failing = (error: unknown) => outcomeOf(Promise.reject(error as Error));

test('a request that nobody answers in time, or that was given up, is one that reached nobody', async () => {
  const late = AbortSignal.timeout(1);
  await new Promise((resolve) => late.addEventListener('abort', resolve));
  expect(late.reason).toMatchObject({ name: 'TimeoutError' });
  for (const reason of [late.reason, AbortSignal.abort().reason, new TypeError('fetch failed')])
    expect(await failing(reason)).toMatchObject({ ok: false, problem: { code: 'offline', status: 0 } });
});

test('a fault of our own is no answer of the network', async () => {
  await expect(failing(new Error('a fault'))).rejects.toThrow('a fault');
});
