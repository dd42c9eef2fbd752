import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { leastTimes } from '../../../test/support/least-times.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import type { Accounts } from './application/accounts.ts';
import { serve, type Answer, type TestServer } from '../../../test/support/module-server.ts';
import { boundless, openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import type { AuthModule } from './module.ts';

const PASSWORD = 'correct horse battery';

const COUNTS = statement(
  'test.auth-counts',
  `select (select count(*) from auth.credential) as credentials, (select count(*) from auth.session) as sessions,
     (select count(*) from auth.refresh_token) as tokens, (select count(*) from store.event) as events`,
);
const EVERYTHING = statement(
  'test.auth-everything',
  `select concat_ws(' ', (select string_agg(c::text, ' ') from auth.credential c),
     (select string_agg(s::text, ' ') from auth.session s), (select string_agg(t::text, ' ') from auth.refresh_token t),
     (select string_agg(e::text, ' ') from store.event e)) as text`,
);

describeWithDatabase('signing in', () => {
  let node: AuthTestNode;
  let modules: AuthModule[];
  let first: TestServer;
  let second: TestServer;
  let lastNumber = 100_000;

  const newPhone = (): string => `+996555${(lastNumber += 1)}`;
  const register = (phone: string, more: object = {}, server = first): Promise<Answer> =>
    server.ask('POST', '/api/v1/auth/register', { body: { phone, password: PASSWORD, name: 'Айгүл', ...more } });
  const login = (phone: string, password = PASSWORD, server = first): Promise<Answer> =>
    server.ask('POST', '/api/v1/auth/login', { body: { phone, password } });
  const textOf = (answer: Answer, field: string): string => {
    const value = answer.body[field];
    if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(answer.body)}`);
    return value;
  };
  const counts = async () => (await node.owner.rows(COUNTS))[0];

  beforeAll(async () => {
    node = await openAuthTestNode();
    modules = [await node.start({ limiter: boundless }), await node.start({ limiter: boundless })];
    const [one, two] = await Promise.all(modules.map(({ routes, tokens }) => serve(routes, tokens, node.clock)));
    if (one === undefined || two === undefined) throw new Error('two servers were started');
    [first, second] = [one, two];
  });
  afterAll(() => node?.close());

  describe('registering', () => {
    test('answers the account and tokens that another process accepts', async () => {
      const phone = newPhone();
      const answer = await register(phone, { email: 'aigul@example.com', language: 'ky' });
      expect(answer).toMatchObject({
        status: 201,
        body: { user: { phone, name: 'Айгүл', email: 'aigul@example.com', language: 'ky' }, expires_in: 600 },
      });
      expect(answer.headers['cache-control']).toBe('no-store');
      const token = textOf(answer, 'access_token');
      expect(await second.ask('POST', '/api/v1/auth/logout', { token })).toMatchObject({ status: 204 });
    });

    test('speaks Russian to whoever names no language', async () => {
      expect(await register(newPhone())).toMatchObject({ body: { user: { language: 'ru', email: null } } });
    });

    test('refuses a phone that is taken and keeps nothing of the attempt', async () => {
      const phone = newPhone();
      await register(phone);
      const before = await counts();
      expect(await register(phone)).toMatchObject({ status: 409, body: { code: 'phone_taken' } });
      expect(await counts()).toEqual(before);
    });

    test('of many that register one phone at once over two processes one is 201, and only its password opens it', async () => {
      const phone = newPhone();
      const before = await counts();
      const tries = Array.from({ length: 12 }, (_, index) => ({ password: `${PASSWORD} ${index}` }));
      const answers = await Promise.all(
        tries.map((more, index) => register(phone, more, index % 2 === 0 ? first : second)),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(11);
      const winner = tries[answers.findIndex(({ status }) => status === 201)];
      expect(await login(phone, winner?.password)).toMatchObject({ status: 200 });
      const after = await counts();
      expect(Number(after?.['credentials']) - Number(before?.['credentials'])).toBe(1);
    });

    test.each([
      ['a password of 7', { password: '1234567' }, 'password'],
      ['a password of 129', { password: 'x1'.repeat(64) + 'x' }, 'password'],
      ['a password of 200 000', { password: 'x1'.repeat(100_000) }, 'password'],
      ['a common password', { password: 'Password123' }, 'password'],
      ['a password of brand words', { password: 'SkyPark2026' }, 'password'],
      ['an unreadable phone', { phone: '12 34' }, 'phone'],
      ['no phone', { phone: undefined }, 'phone'],
      ['a phone that is a number', { phone: 996555123456 }, 'phone'],
      ['an empty name', { name: '   ' }, 'name'],
      ['a name that is too long', { name: 'x'.repeat(101) }, 'name'],
      ['an e-mail that is none', { email: 'nobody' }, 'email'],
      ['a language we do not speak', { language: 'de' }, 'language'],
      ['a role of its own choosing', { role: 'admin' }, 'role'],
    ])('refuses %s as 400 and names the field', async (_what, more, path) => {
      const before = await counts();
      const answer = await register(newPhone(), more);
      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } });
      expect(await counts()).toEqual(before);
    });

    test('refuses a body of a megabyte before it is read', async () => {
      expect(await register(newPhone(), { password: 'x'.repeat(1_000_000) })).toMatchObject({ status: 413 });
    });
  });

  describe('logging in', () => {
    test('answers the same as registering', async () => {
      const phone = newPhone();
      const registered = await register(phone);
      const answer = await login(phone.replace('+996555', '+996 555 '), PASSWORD, second);
      expect(answer.status).toBe(200);
      expect(answer.body['user']).toEqual(registered.body['user']);
      expect(textOf(answer, 'refresh_token')).not.toBe(textOf(registered, 'refresh_token'));
    });

    test('refuses a wrong password and an unknown phone in the same words', async () => {
      const [phone, unknown] = [newPhone(), newPhone()];
      await register(phone);
      const answers = [await login(phone, `${PASSWORD}!`), await login(unknown), await login(phone, 'x')];
      const texts = answers.map(({ status, body: { request_id: _id, instance: _instance, ...rest } }) => ({
        status,
        rest,
      }));
      expect(texts[0]).toMatchObject({ status: 401, rest: { code: 'invalid_credentials' } });
      for (const text of texts) expect(text).toEqual(texts[0]);
    });

    test('an account whose registration broke off half-way is nobody, and its phone is free', async () => {
      const phone = newPhone();
      const broken: Accounts = { ...node.accounts, register: () => Promise.reject(new StoreUnavailable('away')) };
      const { register: registerBroken } = await node.start({ accounts: broken });
      const details = {
        phone,
        password: PASSWORD,
        name: 'Бек',
        email: null,
        language: 'ru',
        correlationId: 'test',
      } as const;
      await expect(registerBroken(details)).rejects.toThrow(StoreUnavailable);
      expect(await login(phone)).toMatchObject({ status: 401 });
      expect(await register(phone)).toMatchObject({ status: 201 });
    });

    test('takes as long for an unknown phone as for a wrong password', async () => {
      const phone = newPhone();
      await register(phone);
      const unknown = newPhone();
      const [ofKnown = 0, ofUnknown = 0] = await leastTimes(
        15,
        () => login(phone, 'wrong horse'),
        () => login(unknown, 'wrong horse'),
      );
      expect(ofUnknown / ofKnown).toBeGreaterThan(0.5);
      expect(ofUnknown / ofKnown).toBeLessThan(2);
    });

    test('of 300 at once serves what it can, refuses the rest as busy, and none fails', async () => {
      const { routes, tokens } = await node.start({
        limiter: boundless,
        passwordQueue: { concurrency: 1, maxWaiting: 10, longestWaitMs: 3_000 },
      });
      const server = await serve(routes, tokens, node.clock);
      const tries = Array.from({ length: 300 }, () => login('+996555000000', 'wrong horse', server));
      const answers = await Promise.all(tries);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
      const busy = answers.find(({ status }) => status === 503);
      expect(busy).toMatchObject({ body: { code: 'busy' }, headers: { 'retry-after': '1' } });
    });
  });

  test('neither the database nor the log holds a secret that could be used', async () => {
    const phone = newPhone();
    const answer = await register(phone);
    const [row] = await node.owner.rows<{ text: string }>(EVERYTHING);
    const refreshToken = textOf(answer, 'refresh_token');
    const secrets = [PASSWORD, refreshToken, Buffer.from(refreshToken, 'base64url').toString('hex')];
    for (const secret of [...secrets, textOf(answer, 'access_token')]) {
      expect(row?.text).not.toContain(secret);
      expect(first.lines.join('')).not.toContain(secret);
    }
    expect(first.lines.join('')).not.toContain(phone.slice(4));
  });

  test('the key set lists the key of the access tokens for signatures, and other keys for their own use', async () => {
    const otherKeys = () => [{ publicJwk: { ...node.signingKey.publicJwk, kid: 'admission-1' }, use: 'admission' }];
    const { routes, tokens } = await node.start({ otherKeys });
    const server = await serve(routes, tokens, node.clock);
    const { x, kid } = node.signingKey.publicJwk;
    expect((await server.ask('GET', '/.well-known/jwks.json')).body).toEqual({
      keys: [
        { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' },
        { kty: 'OKP', crv: 'Ed25519', x, kid: 'admission-1', alg: 'EdDSA', use: 'admission' },
      ],
    });
  });
});
