import { createHmac } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Limiter } from '../../kernel/limiter.ts';
import type { Clock } from '../../kernel/time.ts';
import { answer, assertTakeable } from './sliding-window.ts';

/**
 * Decides and counts in one step, by the server's clock unless told another. The same reckoning as `sliding-window.ts`, which
 * the contract suite holds equal. Answers whether it was taken, the counts of before, and how far into the window it is.
 */
const TAKE = `
local limit, windowMs, amount, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if now < 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local window = math.floor(now / windowMs)
local into = now - window * windowMs
local found = redis.call('HMGET', KEYS[1], 'window', 'current', 'previous')
local current, previous = 0, 0
if tonumber(found[1]) == window then
  current, previous = tonumber(found[2]), tonumber(found[3])
elseif tonumber(found[1]) == window - 1 then
  previous = tonumber(found[2])
end
local ok = (limit - current) * windowMs - previous * (windowMs - into) >= amount * windowMs
if ok and amount > 0 then
  redis.call('HSET', KEYS[1], 'window', window, 'current', current + amount, 'previous', previous)
  redis.call('PEXPIRE', KEYS[1], 2 * windowMs)
end
return { ok and 1 or 0, current, previous, into }
`;

type TakeAnswer = readonly [ok: 0 | 1, current: number, previous: number, intoMs: number];

type WithTake = Redis & {
  skyparkTake(key: string, limit: number, windowMs: number, amount: number, nowMs: number): Promise<TakeAnswer>;
};

function defineTake(redis: Redis): asserts redis is WithTake {
  redis.defineCommand('skyparkTake', { numberOfKeys: 1, lua: TAKE });
}

/**
 * A limiter that all processes share. Keys may be phones and addresses, so Redis sees them under a secret only it does not
 * know: without it, all numbers of a country are tried in seconds. Rejects when Redis does not answer.
 * @param secret the same in all processes
 * @param clock the server's when absent, so that the clocks of our machines need not agree
 */
export function createRedisLimiter(redis: Redis, prefix: string, secret: Uint8Array, clock?: Clock): Limiter {
  defineTake(redis);
  return {
    async take(policy, key, amount = 1) {
      assertTakeable(policy, amount);
      const name = createHmac('sha256', secret).update(`${policy.name} ${key}`).digest('base64url');
      const windowMs = policy.windowSeconds * 1000;
      const [ok, current, previous, intoMs] = await redis.skyparkTake(
        `${prefix}:limit:${name}`,
        policy.limit,
        windowMs,
        amount,
        clock?.now() ?? -1,
      );
      return answer({ current, previous }, policy, amount, intoMs, ok === 1);
    },
  };
}
