import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';

describeWithDatabase('guessing passwords', () => {
  let node: AuthTestNode;
  let first: TestServer;
  const pause = () => node.clock.advance(2 * 3_600_000);
  const login = (phone: string, password: string) =>
    first.ask('POST', '/api/v1/auth/login', { body: { phone, password } });
  const refresh = (refreshToken: string) =>
    first.ask('POST', '/api/v1/auth/refresh', { body: { refresh_token: refreshToken } });
  async function register() {
    const phone = '+996555100001';
    const body = { phone, password: 'correct horse battery', name: 'Айгүл' };
    const answer = await first.ask('POST', '/api/v1/auth/register', { body });
    return { phone, refreshToken: String(answer.body['refresh_token']) };
  }

  beforeAll(async () => {
    node = await openAuthTestNode();
    const module = await node.start();
    first = await serve(module.routes, module.tokens, node.clock);
  });
  afterAll(() => node?.close());

  test('a thousand times for one number is 429 soon, and a device of the owner goes on', async () => {
    pause();
    const { phone, refreshToken } = await register();
    const statuses = new Map<number, number>();
    for (let count = 0; count < 1_000; count += 1) {
      const { status, headers } = await login(phone, 'wrong horse');
      if (status === 429) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(statuses).toEqual(
      new Map([
        [401, 20],
        [429, 980],
      ]),
    );
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('however the number is written, and whether anybody has it, the count is the same', async () => {
    pause();
    const stranger = '+996555100002';
    for (let count = 0; count < 20; count += 1) {
      const spelled = count % 2 ? stranger : `${stranger.slice(0, 4)} ${stranger.slice(4)}`;
      expect((await login(spelled, 'wrong horse')).status).toBe(401);
    }
    expect((await login(stranger, 'wrong horse')).status).toBe(429);
  });
});
