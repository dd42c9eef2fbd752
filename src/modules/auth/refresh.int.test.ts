import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type Answer, type TestServer } from '../../../test/support/module-server.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import type { AuthModule } from './module.ts';

const PASSWORD = 'correct horse battery';
const DAY_MS = 86_400_000;

type Pair = { readonly accessToken: string; readonly refreshToken: string };

describeWithDatabase('a session', () => {
  let node: AuthTestNode;
  let module: AuthModule;
  let first: TestServer;
  let second: TestServer;
  let lastNumber = 100_000;

  const pairOf = ({ body }: Answer): Pair => {
    const { access_token: accessToken, refresh_token: refreshToken } = body;
    if (typeof accessToken !== 'string' || typeof refreshToken !== 'string') {
      throw new Error(`no tokens in ${JSON.stringify(body)}`);
    }
    return { accessToken, refreshToken };
  };
  const signIn = async (): Promise<Pair & { readonly phone: string }> => {
    const phone = `+996555${(lastNumber += 1)}`;
    const body = { phone, password: PASSWORD, name: 'Айгүл' };
    return { ...pairOf(await first.ask('POST', '/api/v1/auth/register', { body })), phone };
  };
  const refresh = (refreshToken: string, server = first): Promise<Answer> =>
    server.ask('POST', '/api/v1/auth/refresh', { body: { refresh_token: refreshToken } });
  const next = async (refreshToken: string): Promise<Pair> => pairOf(await refresh(refreshToken));
  /** What a route for signed-in people says to the token; it changes nothing. */
  const isAccepted = async ({ accessToken }: Pair): Promise<boolean> =>
    (await module.tokens.verify(accessToken)) !== null;
  const refused = { status: 401, body: { code: 'unauthorized' } };

  beforeAll(async () => {
    node = await openAuthTestNode();
    module = await node.start();
    const other = await node.start();
    first = await serve(module.routes, module.tokens, node.clock);
    second = await serve(other.routes, other.tokens, node.clock);
  });
  afterAll(() => node?.close());

  describe('refreshed', () => {
    test('goes on with a new pair, generation after generation', async () => {
      let pair: Pair = await signIn();
      for (let generation = 0; generation < 5; generation += 1) {
        node.clock.advance(9 * 60_000);
        const answer = await refresh(pair.refreshToken, generation % 2 === 0 ? first : second);
        expect(answer).toMatchObject({ status: 200, body: { expires_in: 600 } });
        expect(Object.keys(answer.body).toSorted()).toEqual(['access_token', 'expires_in', 'refresh_token']);
        expect(pairOf(answer).refreshToken).not.toBe(pair.refreshToken);
        pair = pairOf(answer);
        expect(await isAccepted(pair)).toBe(true);
      }
    });

    test('again with the same token within 10 s, as after a lost answer, goes on as the same family', async () => {
      const pair = await signIn();
      const lost = await next(pair.refreshToken);
      node.clock.advance(10_000);
      const again = await next(pair.refreshToken);
      expect(again.refreshToken).toBe(lost.refreshToken);
      expect(await isAccepted(again)).toBe(true);
      node.clock.advance(60_000);
      expect(await refresh(again.refreshToken)).toMatchObject({ status: 200 });
    });

    test('with one token many times at once over two processes gives everybody tokens that work', async () => {
      const pair = await signIn();
      const tries = Array.from({ length: 10 }, (_, index) => refresh(pair.refreshToken, index % 2 ? first : second));
      const pairs = (await Promise.all(tries)).map(pairOf);
      expect(new Set(pairs.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      for (const each of pairs) expect(await isAccepted(each)).toBe(true);
      node.clock.advance(60_000);
      expect(await refresh(pairs[0]?.refreshToken ?? '')).toMatchObject({ status: 200 });
    });

    test('with the parent after 10 s ends the family: the thief and the owner are both out', async () => {
      const pair = await signIn();
      const child = await next(pair.refreshToken);
      node.clock.advance(10_001);
      expect(await refresh(pair.refreshToken)).toMatchObject(refused);
      expect(await refresh(child.refreshToken)).toMatchObject(refused);
      expect(await isAccepted(child)).toBe(false);
    });

    test('with the grandparent ends the family at once', async () => {
      const pair = await signIn();
      const child = await next(pair.refreshToken);
      const grandchild = await next(child.refreshToken);
      expect(await refresh(pair.refreshToken)).toMatchObject(refused);
      expect(await refresh(grandchild.refreshToken)).toMatchObject(refused);
      expect(await refresh(child.refreshToken)).toMatchObject(refused);
    });

    test('by thief and owner at once ends with the family revoked, and no token of it ever works again', async () => {
      for (let round = 0; round < 10; round += 1) {
        const pair = await signIn();
        const child = await next(pair.refreshToken);
        node.clock.advance(11_000);
        const [owner, thief] = await Promise.all([
          refresh(child.refreshToken, first),
          refresh(pair.refreshToken, second),
        ]);
        expect(thief).toMatchObject(refused);
        const survivor = owner.status === 200 ? pairOf(owner) : child;
        expect(await refresh(survivor.refreshToken)).toMatchObject(refused);
      }
    });

    test('one family ends alone: other sessions of the account go on', async () => {
      const { phone, refreshToken } = await signIn();
      const other = pairOf(await first.ask('POST', '/api/v1/auth/login', { body: { phone, password: PASSWORD } }));
      await next(refreshToken);
      node.clock.advance(11_000);
      expect(await refresh(refreshToken)).toMatchObject(refused);
      expect(await refresh(other.refreshToken)).toMatchObject({ status: 200 });
    });

    test('ends after 30 days of silence and after 90 days in any case', async () => {
      const idle = await signIn();
      node.clock.advance(30 * DAY_MS);
      expect(await refresh(idle.refreshToken)).toMatchObject(refused);

      let pair: Pair = await signIn();
      for (let month = 0; month < 3; month += 1) {
        node.clock.advance(30 * DAY_MS - 200_000);
        pair = await next(pair.refreshToken);
      }
      node.clock.advance(200_000);
      const answer = await refresh(pair.refreshToken);
      // The access token ends with its session.
      expect([399, 400]).toContain(answer.body['expires_in']);
      node.clock.advance(400_000);
      expect(await isAccepted(pairOf(answer))).toBe(false);
      expect(await refresh(pairOf(answer).refreshToken)).toMatchObject(refused);
    });

    test.each(['x', 'A'.repeat(43), 'A'.repeat(200), "' or 1=1 --", '🎈'])('with %j is refused', async (token) => {
      expect(await refresh(token)).toMatchObject(refused);
    });

    test('with an access token is refused, and a refresh token opens no route', async () => {
      const pair = await signIn();
      expect(await refresh(pair.accessToken.slice(0, 200))).toMatchObject(refused);
      const asAccess = await first.ask('POST', '/api/v1/auth/logout', { token: pair.refreshToken });
      expect(asAccess.status).toBe(401);
    });
  });

  describe('ended', () => {
    test('by logout is over here at once, elsewhere within 5 s, and other sessions go on', async () => {
      const { phone, ...pair } = await signIn();
      const other = pairOf(await first.ask('POST', '/api/v1/auth/login', { body: { phone, password: PASSWORD } }));
      const logout = (server: TestServer) => server.ask('POST', '/api/v1/auth/logout', { token: pair.accessToken });
      // The second process has fresh news by now.
      expect((await second.ask('POST', '/api/v1/auth/logout', { token: 'x' })).status).toBe(401);
      expect(await logout(first)).toMatchObject({ status: 204, body: {} });
      expect(await logout(first)).toMatchObject({ status: 401 });
      expect(await refresh(pair.refreshToken, second)).toMatchObject(refused);
      node.clock.advance(4_000);
      expect(await logout(second)).toMatchObject({ status: 401 });
      expect(await isAccepted(other)).toBe(true);
    });

    test('by logout-all is over on every device', async () => {
      const { phone, ...pair } = await signIn();
      const other = pairOf(await second.ask('POST', '/api/v1/auth/login', { body: { phone, password: PASSWORD } }));
      const ended = await first.ask('POST', '/api/v1/auth/logout-all', { token: pair.accessToken });
      expect(ended.status).toBe(204);
      for (const each of [pair, other]) {
        expect(await isAccepted(each)).toBe(false);
        expect(await refresh(each.refreshToken, second)).toMatchObject(refused);
      }
    });

    test('stays refused for as long as any of its access tokens could live', async () => {
      const pair = await signIn();
      await first.ask('POST', '/api/v1/auth/logout', { token: pair.accessToken });
      for (let minute = 0; minute < 12; minute += 1) {
        expect(await isAccepted(pair)).toBe(false);
        node.clock.advance(60_000);
      }
    });

    test.each<[string, number]>([
      ['90 days old', 91 * DAY_MS],
      ['idle for 30 days', 31 * DAY_MS],
    ])('is forgotten when it is %s, with its tokens', async (_why, laterMs) => {
      const over = await signIn();
      node.clock.advance(laterMs);
      expect(await module.forgetSessions()).toBeGreaterThan(0);
      const kept = await signIn();
      expect(await module.forgetSessions()).toBe(0);
      expect(await refresh(kept.refreshToken)).toMatchObject({ status: 200 });
      expect(await refresh(over.refreshToken)).toMatchObject(refused);
    });

    test('is forgotten when it was revoked and none of its access tokens can live', async () => {
      await module.forgetSessions();
      const { accessToken: token } = await signIn();
      await first.ask('POST', '/api/v1/auth/logout', { token });
      node.clock.advance(12 * 60_000);
      expect(await module.forgetSessions()).toBe(0);
      node.clock.advance(1);
      expect(await module.forgetSessions()).toBe(1);
    });
  });
});
