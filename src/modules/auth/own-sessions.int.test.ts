import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type Answer, type TestServer } from '../../../test/support/module-server.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';

const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'seven yaks in the snow';
const WEAKEN = statement('test.weaken-password', `update auth.credential set password_hash = $2 where user_id = $1`);
const HASH = statement('test.hash-of', 'select password_hash from auth.credential where user_id = $1');
/** "correct horse battery" with a quarter of the memory. */
const OLD_COST = { memoryCost: 4_864, timeCost: 2, parallelism: 1, outputLen: 32 };

type SignedIn = {
  readonly phone: string;
  readonly userId: string;
  readonly token: string;
  readonly refreshToken: string;
};

describeWithDatabase('an account and its sessions', () => {
  let node: AuthTestNode;
  let first: TestServer;
  let second: TestServer;
  let lastNumber = 100_000;

  const textIn = (body: Record<string, unknown>, field: string): string => {
    const value = body[field];
    if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(body)}`);
    return value;
  };
  const signedIn = (phone: string, { body }: Answer): SignedIn => ({
    phone,
    userId: textIn(body['user'] as Record<string, unknown>, 'id'),
    token: textIn(body, 'access_token'),
    refreshToken: textIn(body, 'refresh_token'),
  });
  async function register(userAgent = 'phone'): Promise<SignedIn> {
    const phone = `+996555${(lastNumber += 1)}`;
    const body = { phone, password: PASSWORD, name: 'Айгүл' };
    return signedIn(
      phone,
      await first.ask('POST', '/api/v1/auth/register', { body, headers: { 'user-agent': userAgent } }),
    );
  }
  const login = (phone: string, password = PASSWORD, headers: Record<string, string> = {}, server = first) =>
    server.ask('POST', '/api/v1/auth/login', { body: { phone, password }, headers });
  const refresh = (refreshToken: string, server = first) =>
    server.ask('POST', '/api/v1/auth/refresh', { body: { refresh_token: refreshToken } });
  const change = (token: string, body: object, server = first) =>
    server.ask('POST', '/api/v1/auth/password', { token, body });
  const itemsOf = ({ body }: Answer) => body['items'] as Record<string, unknown>[];

  beforeAll(async () => {
    node = await openAuthTestNode();
    const [one, two] = [await node.start(), await node.start()];
    first = await serve(one.routes, one.tokens, node.clock);
    second = await serve(two.routes, two.tokens, node.clock);
  });
  afterAll(() => node?.close());

  describe('the list of sessions', () => {
    test('shows its owner every device that is signed in, newest first, and which one asks', async () => {
      const { phone, token } = await register('Phone/1');
      node.clock.advance(60_000);
      const tablet = signedIn(phone, await login(phone, PASSWORD, { 'user-agent': 'Tablet/2' }));
      const answer = await first.ask('GET', '/api/v1/auth/sessions', { token });
      expect(itemsOf(answer)).toMatchObject([
        { user_agent: 'Tablet/2', current: false },
        { user_agent: 'Phone/1', current: true },
      ]);
      expect(JSON.stringify(answer.body)).not.toContain(tablet.refreshToken);
      const page = await first.ask('GET', '/api/v1/auth/sessions?limit=1', { token });
      const rest = `/api/v1/auth/sessions?limit=1&cursor=${textIn(page.body, 'next_cursor')}`;
      expect(itemsOf(await first.ask('GET', rest, { token }))).toMatchObject([{ user_agent: 'Phone/1' }]);
    });

    test('leaves out what has ended, and what was silent for 30 days', async () => {
      const { phone, token } = await register();
      await first.ask('POST', '/api/v1/auth/logout', { token });
      signedIn(phone, await login(phone));
      node.clock.advance(31 * 86_400_000);
      const now = signedIn(phone, await login(phone));
      expect(itemsOf(await first.ask('GET', '/api/v1/auth/sessions', { token: now.token }))).toHaveLength(1);
    });

    test('lets its owner end one of them, on every process, and nobody else', async () => {
      const owner = await register();
      const other = signedIn(owner.phone, await login(owner.phone));
      const stranger = await register();
      const list = itemsOf(await first.ask('GET', '/api/v1/auth/sessions', { token: owner.token }));
      const id = String(list.find(({ current }) => current === false)?.['id']);
      const end = (token: string, sessionId = id) =>
        first.ask('DELETE', `/api/v1/auth/sessions/${sessionId}`, { token });
      expect(await end(stranger.token)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await refresh(other.refreshToken, second)).toMatchObject({ status: 200 });
      expect(await end(owner.token)).toMatchObject({ status: 204 });
      expect(await end(owner.token)).toMatchObject({ status: 404 });
      node.clock.advance(4_000);
      expect((await second.ask('GET', '/api/v1/auth/sessions', { token: other.token })).status).toBe(401);
      expect((await refresh(other.refreshToken, second)).status).toBe(401);
      expect((await end(owner.token, 'not-an-id')).status).toBe(400);
    });
  });

  describe('changing the password', () => {
    test('needs the current one, ends every other session, and the old one opens nothing', async () => {
      const { phone, token, refreshToken } = await register();
      const other = signedIn(phone, await login(phone, PASSWORD, {}, second));
      const wrong = await change(token, { current_password: 'wrong horse', new_password: NEW_PASSWORD });
      expect(wrong).toMatchObject({ status: 403, body: { code: 'wrong_password' } });
      expect(await change(token, { current_password: PASSWORD, new_password: NEW_PASSWORD })).toMatchObject({
        status: 204,
      });
      expect((await login(phone)).status).toBe(401);
      expect((await login(phone, NEW_PASSWORD)).status).toBe(200);
      expect((await refresh(other.refreshToken, second)).status).toBe(401);
      expect((await refresh(refreshToken)).status).toBe(200);
    });

    test.each([
      ['too short', 'horse'],
      ['too long', 'x'.repeat(129)],
      ['a common one', 'qwerty123'],
      ['the name of the park', 'SkyPark2026'],
    ])('refuses a new one that is %s', async (_what, password) => {
      const { token, phone } = await register();
      const refused = await change(token, { current_password: PASSWORD, new_password: password });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'new_password' }] } });
      expect((await login(phone)).status).toBe(200);
    });

    test('refuses the own phone number', async () => {
      const { token, phone } = await register();
      const refused = await change(token, { current_password: PASSWORD, new_password: phone.slice(1) });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'new_password' }] } });
    });

    test('twice at once over two processes: one wins, and only its password counts', async () => {
      for (let round = 0; round < 3; round += 1) {
        const { token, phone } = await register();
        const wanted = [`${NEW_PASSWORD} one`, `${NEW_PASSWORD} two`];
        const answers = await Promise.all(
          wanted.map((password, index) =>
            change(token, { current_password: PASSWORD, new_password: password }, index === 0 ? first : second),
          ),
        );
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 403]));
        const winner = answers.findIndex(({ status }) => status === 204);
        expect((await login(phone, wanted[winner])).status).toBe(200);
        expect((await login(phone, wanted[1 - winner])).status).toBe(401);
      }
    });

    test('while somebody signs in with the old one leaves no session of theirs', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { token, phone } = await register();
        const [changed, thief] = await Promise.all([
          change(token, { current_password: PASSWORD, new_password: NEW_PASSWORD }),
          login(phone, PASSWORD, {}, second),
        ]);
        expect(changed.status).toBe(204);
        const survived = thief.status === 200 ? (await refresh(signedIn(phone, thief).refreshToken)).status : 401;
        expect(survived).toBe(401);
      }
    });
  });

  test('a password whose hash is weaker than today is hashed anew when its owner signs in', async () => {
    const { hash } = await import('@node-rs/argon2');
    const { userId, phone } = await register();
    const hashOf = async () => (await node.owner.rows<{ password_hash: string }>(HASH, [userId]))[0]?.password_hash;
    await node.owner.rows(WEAKEN, [userId, await hash(PASSWORD, OLD_COST)]);
    expect((await login(phone, 'wrong horse')).status).toBe(401);
    expect(await hashOf()).toContain('m=4864');
    expect((await login(phone)).status).toBe(200);
    expect(await hashOf()).toContain('m=19456');
    expect((await login(phone)).status).toBe(200);
  });

  describe('with X-Session: cookie', () => {
    const page = { 'x-session': 'cookie' };
    const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie']).split(';')[0] ?? '';

    test('the refresh token travels in the cookie alone, from signing in to signing out', async () => {
      const { phone } = await register();
      const entered = await login(phone, PASSWORD, page);
      expect(entered.status).toBe(200);
      expect(entered.body).not.toHaveProperty('refresh_token');
      expect(String(entered.headers['set-cookie'])).toMatch(
        /^__Host-refresh=[\w-]{43}; Max-Age=\d+; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
      );
      const headers = { ...page, cookie: cookieOf(entered) };
      const next = await first.ask('POST', '/api/v1/auth/refresh', { body: {}, headers });
      expect(next.status).toBe(200);
      expect(next.body).not.toHaveProperty('refresh_token');
      expect(cookieOf(next)).not.toBe(cookieOf(entered));
      const token = textIn(next.body, 'access_token');
      const left = await first.ask('POST', '/api/v1/auth/logout', {
        token,
        headers: { ...page, cookie: cookieOf(next) },
      });
      expect(left.status).toBe(204);
      expect(String(left.headers['set-cookie'])).toContain('Max-Age=0');
    });

    test('a request with the cookie but without the header, as another site can make one, is refused and changes nothing', async () => {
      const { phone } = await register();
      const entered = await login(phone, PASSWORD, page);
      const headers = { cookie: cookieOf(entered), origin: 'https://evil.example' };
      const forged = await first.ask('POST', '/api/v1/auth/refresh', { body: {}, headers });
      expect(forged).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(forged.headers).not.toHaveProperty('access-control-allow-origin');
      const token = textIn(entered.body, 'access_token');
      expect((await first.ask('POST', '/api/v1/auth/logout', { token, headers })).status).toBe(403);
      const good = await first.ask('POST', '/api/v1/auth/refresh', { body: {}, headers: { ...page, ...headers } });
      expect(good.status).toBe(200);
    });

    test('a form of another site cannot reach the route at all', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' };
      const answer = await first.ask('POST', '/api/v1/auth/login', { body: 'phone=1', headers: form });
      expect(answer.status).toBe(415);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    });

    test('a refresh without any token is a bad request', async () => {
      const nothing = await first.ask('POST', '/api/v1/auth/refresh', { body: {} });
      expect(nothing).toMatchObject({ status: 400, body: { errors: [{ path: 'refresh_token' }] } });
      expect((await first.ask('POST', '/api/v1/auth/refresh', { body: {}, headers: page })).status).toBe(400);
    });
  });
});
