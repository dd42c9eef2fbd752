import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type Answer, type TestServer } from '../../../test/support/module-server.ts';
import { createMemoryLimiter } from '../../infrastructure/limiter/memory-limiter.ts';
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

  test('all addresses behind one subscriber of IPv6 are one address', async () => {
    pause();
    // At the start of an hour, so that all guesses fall into one.
    node.clock.advance(3_600_000 - (node.clock.now() % 3_600_000));
    const guess = async (count: number, address: string) => {
      const body = { phone: `+996700${500_000 + count}`, code: '000000', purpose: 'login' };
      return (await first.ask('POST', '/api/v1/auth/otp/verify', { body, address })).status;
    };
    const statuses: number[] = [];
    for (let count = 0; count < 310; count += 1) {
      statuses.push(await guess(count, `2001:db8:7:1:${count.toString(16)}::${count % 9}`));
      // The limit of bursts stands before it: 60 a minute.
      node.clock.advance(1_100);
    }
    expect(statuses).toEqual([...Array<number>(300).fill(401), ...Array<number>(10).fill(429)]);
    expect(await guess(400, '2001:db8:7:2::1')).toBe(401);
  });

  describe('many numbers from many addresses', () => {
    const figures = { codesPerHour: 4, codesPerDay: 6, loginFailures: 40 };

    /** A program with limits that are soon reached. */
    async function startLimited(chainFigures = figures): Promise<TestServer> {
      const module = await node.start({ chainFigures, limiter: createMemoryLimiter(node.clock) });
      return serve(module.routes, module.tokens, node.clock);
    }
    const alarmsDuring = async (work: () => Promise<void>) => {
      const before = node.alarms.length;
      await work();
      return node.alarms.slice(before);
    };

    const PASSWORD = 'correct horse battery';
    const loginAt = (server: TestServer, phone: string, password: string, address: string) =>
      server.ask('POST', '/api/v1/auth/login', { body: { phone, password }, address });
    async function registerAt(server: TestServer, phone: string): Promise<Answer> {
      const body = { phone, password: PASSWORD, name: 'Айгүл' };
      const answer = await server.ask('POST', '/api/v1/auth/register', { body });
      expect(answer.status).toBe(201);
      return answer;
    }

    test('guessed one by one trip the limit of the chain; who knows the password gets in, and sessions go on', async () => {
      pause();
      const server = await startLimited();
      const owner = '+996555100003';
      const { body } = await registerAt(server, owner);
      const statuses: number[] = [];
      const alarms = await alarmsDuring(async () => {
        for (let guess = 0; guess < 400; guess += 1) {
          const guessed = await loginAt(server, `+996700${200_000 + guess}`, 'wrong horse', `10.1.0.${guess % 4}`);
          statuses.push(guessed.status);
          if (guessed.status === 429) expect(Number(guessed.headers['retry-after'])).toBeGreaterThan(0);
        }
      });
      expect(statuses).toEqual([...Array(4 * 50).fill(401), ...Array(200).fill(429)]);
      expect(alarms).toEqual(['login_failures']);
      expect((await loginAt(server, owner, PASSWORD, '10.2.0.1')).status).toBe(200);
      const shown = { refresh_token: body['refresh_token'] };
      const going = await server.ask('POST', '/api/v1/auth/refresh', { body: shown, address: '10.1.0.1' });
      expect(going.status).toBe(200);
      pause();
      expect((await loginAt(server, owner, PASSWORD, '10.1.0.1')).status).toBe(200);
      await server.close();
    });

    test('lock nobody out who shares an address and knows the password; one number is guessed five times from it', async () => {
      pause();
      const server = await startLimited();
      const family = Array.from({ length: 30 }, (_, index) => `+9965552${index + 10}009`);
      for (const phone of family) await registerAt(server, phone);
      for (let guess = 0; guess < 60; guess += 1) {
        await loginAt(server, `+996700${300_000 + guess}`, 'wrong horse', `10.5.0.${guess % 2}`);
      }
      const shared = '10.6.0.1';
      for (const phone of family) expect((await loginAt(server, phone, PASSWORD, shared)).status).toBe(200);
      const guesses: number[] = [];
      for (let guess = 0; guess < 7; guess += 1) {
        guesses.push((await loginAt(server, '+996700400000', 'wrong horse', shared)).status);
      }
      expect(guesses).toEqual([...Array(5).fill(401), 429, 429]);
      for (const phone of family.slice(0, 20))
        expect((await loginAt(server, phone, PASSWORD, shared)).status).toBe(200);
      await server.close();
    });

    /** Asks for a code for each; all are answered alike. Answers how many were sent. */
    async function sentTo(server: TestServer, phones: readonly string[]): Promise<number> {
      const before = node.sent.length;
      for (const [index, phone] of phones.entries()) {
        const body = { phone, purpose: 'login' };
        const asked = await server.ask('POST', '/api/v1/auth/otp', { body, address: `10.3.0.${index % 100}` });
        expect(asked.status).toBe(202);
      }
      return node.sent.length - before;
    }
    const wide = { ...figures, codesPerHour: 1_000, codesPerDay: 1_000 };
    async function withAccounts(server: TestServer, phones: readonly string[]): Promise<readonly string[]> {
      for (const phone of phones) await registerAt(server, phone);
      return phones;
    }
    const numbered = (count: number, phoneOf: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => phoneOf(index));

    test('of one range are sent no more than thirty codes an hour, with an alarm; numbers without an account use none up', async () => {
      pause();
      const server = await startLimited(wide);
      const strangers = numbered(100, (index) => `+99670030${1_000 + index}`);
      expect(await alarmsDuring(async () => expect(await sentTo(server, strangers)).toBe(0))).toEqual([]);
      const guests = await withAccounts(
        server,
        numbered(35, (index) => `+99670030${2_000 + index}`),
      );
      const alarms = await alarmsDuring(async () => expect(await sentTo(server, guests)).toBe(30));
      expect(alarms).toEqual(['codes_to_one_range']);
      expect(await sentTo(server, await withAccounts(server, ['+996700401000']))).toBe(1);
      await server.close();
    });

    test('of other countries are sent no more than sixty codes an hour, all together', async () => {
      pause();
      const server = await startLimited(wide);
      const phoneOf = (index: number) => `+7701${100 + index}0001`;
      expect(
        await sentTo(
          server,
          numbered(80, (index) => `+7702${100 + index}0001`),
        ),
      ).toBe(0);
      const guests = await withAccounts(server, numbered(65, phoneOf));
      const alarms = await alarmsDuring(async () => expect(await sentTo(server, guests)).toBe(60));
      expect(alarms).toEqual(['codes_abroad']);
      await server.close();
    });

    test('and messages of what happens to accounts are taken from the same, and go only to numbers that were proven', async () => {
      pause();
      const limiter = createMemoryLimiter(node.clock);
      const module = await node.start({ chainFigures: wide, limiter });
      const server = await serve(module.routes, module.tokens, node.clock);
      const idOf = ({ body }: Answer): string => String((body['user'] as Record<string, unknown>)['id']);
      const abroad = '+77031000001';
      const userId = idOf(await registerAt(server, abroad));
      expect(await module.mayText(userId, abroad)).toBe(false);
      await module.vouchForPhone(userId, { actor: 'system', correlationId: userId });
      let [texts, mayText] = [0, true];
      const alarms = await alarmsDuring(async () => {
        while (mayText && texts < 100) {
          mayText = await module.mayText(userId, abroad);
          texts += mayText ? 1 : 0;
        }
      });
      expect([texts, alarms]).toEqual([30, ['codes_to_one_range']]);
      expect(await sentTo(server, [abroad])).toBe(0);
      await server.close();
    });

    test('cost no more codes than the chain pays for in an hour and a day; the answer does not tell', async () => {
      pause();
      const server = await startLimited();
      const phones: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        const phone = `+99655${count}100009`;
        await registerAt(server, phone);
        phones.push(phone);
      }
      const hour = await alarmsDuring(async () =>
        expect(await sentTo(server, phones.slice(0, 6))).toBe(figures.codesPerHour),
      );
      expect(hour).toEqual(['codes_per_hour']);
      pause();
      const day = await alarmsDuring(async () => expect(await sentTo(server, phones.slice(6))).toBe(2));
      expect(day).toContain('codes_per_day');
      node.clock.advance(48 * 3_600_000);
      expect(await sentTo(server, phones.slice(0, 2))).toBe(2);
      await server.close();
    });
  });
});
