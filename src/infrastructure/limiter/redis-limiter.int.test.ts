import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownRedis, type OwnServer } from '../../../test/support/own-server.ts';
import { describeWith, serviceUrl } from '../../../test/support/services.ts';
import type { LimitPolicy, Limiter } from '../../kernel/limiter.ts';
import { systemClock } from '../clock.ts';
import { systemIds } from '../ids.ts';
import { connectRedis, type RedisConnection } from '../redis/connect-redis.ts';
import { createFallbackLimiter } from './fallback-limiter.ts';
import { describeLimiter } from './limiter-contract.ts';
import { createMemoryLimiter } from './memory-limiter.ts';
import { createRedisLimiter } from './redis-limiter.ts';

const SECRET = Buffer.alloc(32, 7);
const POLICY: LimitPolicy = { name: 'test', limit: 20, windowSeconds: 60 };

async function untilReady({ ready }: RedisConnection): Promise<void> {
  while (!ready()) await sleep(10);
}

describeWith('redis')('limits in Redis', () => {
  const prefix = `test-${systemIds.next()}`;
  const clock = { nowMs: 1_800_000_000_000, now: () => clock.nowMs };
  let connection: RedisConnection;
  let limiter: Limiter;
  const lost: unknown[] = [];
  beforeAll(async () => {
    connection = connectRedis(serviceUrl('redis'), 'test', (error) => lost.push(error));
    await untilReady(connection);
    limiter = createRedisLimiter(connection.redis, prefix, SECRET, clock);
  });
  afterAll(async () => {
    const { redis } = connection;
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(...keys);
    connection.close();
  });

  describeLimiter('in Redis', () => ({ limiter, clock, unique: () => systemIds.next() }));

  test('of many who ask several processes at once exactly the limit are told yes', async () => {
    const others = [1, 2, 3].map(() => connectRedis(serviceUrl('redis'), 'test', (error) => lost.push(error)));
    await Promise.all(others.map(untilReady));
    const limiters = others.map(({ redis }) => createRedisLimiter(redis, prefix, SECRET));
    const key = systemIds.next();
    const taken = await Promise.all(
      Array.from({ length: 300 }, (_, index) => (limiters[index % 3] ?? limiter).take(POLICY, key)),
    );
    expect(taken.filter(({ ok }) => ok)).toHaveLength(POLICY.limit);
    for (const other of others) other.close();
    expect(lost).toEqual([]);
  });

  test('keep no key readable, and nothing for longer than two windows', async () => {
    await limiter.take({ ...POLICY, name: 'private' }, '+996555123456');
    const { redis } = connection;
    const keys = await redis.keys(`${prefix}:*`);
    expect(keys.filter((key) => key.includes('996'))).toEqual([]);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });
});

describeWith('redis')('limits while Redis is away', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await ownRedis();
    await server.start();
  });
  afterAll(() => server.dispose());

  test('are counted by the process itself: nobody is let through uncounted, nobody waits, and it finds back', async () => {
    const [lost, failures]: [unknown[], unknown[]] = [[], []];
    const connected = connectRedis(server.url, 'test', (error) => lost.push(error));
    const { redis } = connected;
    const local = createMemoryLimiter(systemClock);
    const limiter = createFallbackLimiter(createRedisLimiter(redis, 'test', SECRET), local, (error) =>
      failures.push(error),
    );
    await untilReady(connected);
    const takeAll = async (key: string): Promise<number> => {
      let count = 0;
      for (let index = 0; index < 50; index += 1) if ((await limiter.take(POLICY, key)).ok) count += 1;
      return count;
    };
    expect(await takeAll('before')).toBe(POLICY.limit);
    await server.kill();
    expect(await takeAll('meanwhile')).toBe(POLICY.limit);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(10);
    await server.start();
    await untilReady(connected);
    await sleep(1100);
    expect(await limiter.take(POLICY, 'after')).toMatchObject({ ok: true });
    expect(await redis.keys('test:limit:*')).toHaveLength(1);
    expect(lost).toHaveLength(1);
    connected.close();
  });
});
