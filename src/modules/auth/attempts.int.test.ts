import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
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
    const guess = async (count: number, address: string) => {
      const body = { phone: `+996700${500_000 + count}`, password: 'wrong horse' };
      return (await first.ask('POST', '/api/v1/auth/login', { body, address })).status;
    };
    const statuses: number[] = [];
    for (let count = 0; count < 310; count += 1) {
      statuses.push(await guess(count, `2001:db8:7:1:${count.toString(16)}::${count % 9}`));
      // The limit of bursts stands before it.
      if (count % 100 === 99) node.clock.advance(60_000);
    }
    expect(statuses).toEqual([...Array<number>(300).fill(401), ...Array<number>(10).fill(429)]);
    expect(await guess(400, '2001:db8:7:2::1')).toBe(401);
  });

  describe('many numbers from many addresses', () => {
    const figures = { codesPerHour: 4, codesPerDay: 6, loginFailures: 40 };

    /** A program with limits that are soon reached. */
    async function startLimited(): Promise<TestServer> {
      const module = await node.start({ chainFigures: figures, limiter: createMemoryLimiter(node.clock) });
      return serve(module.routes, module.tokens, node.clock);
    }
    const alarmsDuring = async (work: () => Promise<void>) => {
      const before = node.alarms.length;
      await work();
      return node.alarms.slice(before);
    };

    test('guessed one by one trip the limit of the chain; who knows the password gets in, and sessions go on', async () => {
      pause();
      const server = await startLimited();
      const owner = { phone: '+996555100003', password: 'correct horse battery', name: 'Айгүл' };
      const { body } = await server.ask('POST', '/api/v1/auth/register', { body: owner });
      const statuses: number[] = [];
      const alarms = await alarmsDuring(async () => {
        for (let guess = 0; guess < 400; guess += 1) {
          const phone = `+996700${200_000 + guess}`;
          const address = `10.1.0.${guess % 20}`;
          const guessed = await server.ask('POST', '/api/v1/auth/login', {
            body: { phone, password: 'wrong horse' },
            address,
          });
          statuses.push(guessed.status);
        }
      });
      expect(statuses.slice(0, figures.loginFailures)).toEqual(Array(figures.loginFailures).fill(401));
      expect(statuses.filter((status) => status === 401)).toHaveLength(figures.loginFailures + 20 * 5);
      expect(statuses.slice(-100)).toEqual(Array(100).fill(429));
      expect(alarms).toEqual(['login_failures']);
      const address = '10.2.0.1';
      const { name: _name, ...credentials } = owner;
      expect((await server.ask('POST', '/api/v1/auth/login', { body: credentials, address })).status).toBe(200);
      const shown = { refresh_token: body['refresh_token'] };
      const going = await server.ask('POST', '/api/v1/auth/refresh', { body: shown, address: '10.1.0.1' });
      expect(going.status).toBe(200);
      pause();
      const later = await server.ask('POST', '/api/v1/auth/login', { body: credentials, address: '10.1.0.1' });
      expect(later.status).toBe(200);
      await server.close();
    });

    test('of one range are sent no more than thirty codes an hour, whoever has them, with an alarm', async () => {
      pause();
      const server = await startLimited();
      const statuses: number[] = [];
      const alarms = await alarmsDuring(async () => {
        for (let count = 0; count < 100; count += 1) {
          const body = { phone: `+99670030${1_000 + count}`, purpose: 'login' };
          const asked = await server.ask('POST', '/api/v1/auth/otp', { body, address: `10.3.0.${count}` });
          statuses.push(asked.status);
          if (asked.status === 429) expect(Number(asked.headers['retry-after'])).toBeGreaterThan(0);
        }
      });
      expect(statuses).toEqual([...Array(30).fill(202), ...Array(70).fill(429)]);
      expect(alarms).toEqual(['codes_to_one_range']);
      const other = { phone: '+996700401000', purpose: 'login' };
      expect((await server.ask('POST', '/api/v1/auth/otp', { body: other })).status).toBe(202);
      await server.close();
    });

    test('of other countries are sent no more than sixty codes an hour, all together', async () => {
      pause();
      const server = await startLimited();
      const statuses: number[] = [];
      const alarms = await alarmsDuring(async () => {
        for (let count = 0; count < 80; count += 1) {
          const body = { phone: `+7701${100 + count}0001`, purpose: 'login' };
          const asked = await server.ask('POST', '/api/v1/auth/otp', { body, address: `10.4.0.${count}` });
          statuses.push(asked.status);
        }
      });
      expect(statuses.filter((status) => status === 202)).toHaveLength(60);
      expect(alarms).toEqual(['codes_abroad']);
      await server.close();
    });

    test('cost no more codes than the chain pays for in an hour and a day; the answer does not tell', async () => {
      pause();
      const server = await startLimited();
      const phones: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        const phone = `+99655${count}100009`;
        const body = { phone, password: 'correct horse battery', name: 'Айгүл' };
        expect((await server.ask('POST', '/api/v1/auth/register', { body })).status).toBe(201);
        phones.push(phone);
      }
      async function sentTo(some: readonly string[]): Promise<number> {
        const before = node.sent.length;
        for (const phone of some) {
          const body = { phone, purpose: 'login' };
          expect((await server.ask('POST', '/api/v1/auth/otp', { body })).status).toBe(202);
        }
        return node.sent.length - before;
      }
      const hour = await alarmsDuring(async () => expect(await sentTo(phones.slice(0, 6))).toBe(figures.codesPerHour));
      expect(hour).toEqual(['codes_per_hour']);
      pause();
      const day = await alarmsDuring(async () => expect(await sentTo(phones.slice(6))).toBe(2));
      expect(day).toContain('codes_per_day');
      node.clock.advance(48 * 3_600_000);
      expect(await sentTo(phones.slice(0, 2))).toBe(2);
      await server.close();
    });
  });
});
