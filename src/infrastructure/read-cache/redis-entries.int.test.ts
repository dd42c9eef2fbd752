import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, serviceUrl } from '../../../test/support/services.ts';
import { systemIds } from '../ids.ts';
import { connectRedis, type RedisConnection } from '../redis/connect-redis.ts';
import { createRedisEntries, type Entries } from './entries.ts';
import { describeEntries } from './entries-contract.ts';

describeWith('redis')('answers in Redis', () => {
  const prefix = `test-${systemIds.next()}`;
  let connection: RedisConnection;
  let entries: Entries;
  beforeAll(async () => {
    connection = connectRedis(serviceUrl('redis'), 'test', () => undefined);
    while (!connection.ready()) await sleep(10);
    entries = createRedisEntries(connection.redis, prefix);
  });
  afterAll(async () => {
    await connection.redis.del(...(await connection.redis.keys(`${prefix}:*`)));
    connection.close();
  });

  describeEntries(
    'in Redis',
    () => entries,
    () => systemIds.next(),
  );

  test('are gone after a while by themselves', async () => {
    const key = systemIds.next();
    await entries.put(key, 'answer');
    expect(await connection.redis.pttl(`${prefix}:cache:${key}`)).toBeGreaterThan(0);
  });
});
