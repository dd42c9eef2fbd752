import { expect, test } from 'vitest';
import { describeLimiter } from './limiter-contract.ts';
import { createMemoryLimiter } from './memory-limiter.ts';

const clock = { nowMs: 1_800_000_000_000, now: () => clock.nowMs };
const limiter = createMemoryLimiter(clock);
let made = 0;

describeLimiter('in memory', () => ({ limiter, clock, unique: () => `key-${(made += 1)}` }));

test('it remembers no more keys than it may: who asked longest ago is forgotten first', async () => {
  const small = createMemoryLimiter(clock, 2);
  const policy = { name: 'once', limit: 1, windowSeconds: 60 };
  const take = async (key: string) => (await small.take(policy, key)).ok;
  expect([await take('a'), await take('b'), await take('b'), await take('c')]).toEqual([true, true, false, true]);
  expect([await take('b'), await take('a')]).toEqual([false, true]);
});
