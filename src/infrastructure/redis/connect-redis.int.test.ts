import { expect, onTestFinished, test } from 'vitest';
import { openCable } from '../../../test/support/cable.ts';
import { describeWith, serviceUrl } from '../../../test/support/services.ts';
import { connectRedis } from './connect-redis.ts';

describeWith('redis')('a connection to Redis', () => {
  test('that nothing comes through any more is given up and made anew, and not held for ready meanwhile', async () => {
    const cable = await openCable(serviceUrl('redis'));
    const lost: unknown[] = [];
    const { redis, ready, close } = connectRedis(cable.url, 'test', (error) => lost.push(error));
    onTestFinished(close);
    await expect.poll(ready).toBe(true);
    cable.cut();
    await expect(redis.ping()).rejects.toThrow('timed out');
    await expect.poll(() => lost.length, { timeout: 4000 }).toBe(1);
    await expect.poll(ready, { timeout: 4000 }).toBe(true);
    expect(await redis.ping()).toBe('PONG');
  });
});
