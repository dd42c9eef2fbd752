import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { describeWith, serviceUrl } from '../../../test/support/services.ts';
import { connectRedis } from './connect-redis.ts';

/** Stands before Redis. `cut` lets nothing more through what is connected, as when a cable is pulled: nobody hangs up. */
async function openCable(url: string) {
  const { hostname, port } = new URL(url);
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const end of ends) end.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const end of ends) end.unpipe().pause();
    },
  };
}

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
