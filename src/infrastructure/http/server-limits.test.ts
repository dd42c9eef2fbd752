import { Type } from 'typebox';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TokenVerifier } from './access.ts';
import type { HttpConfig } from './http-config.ts';
import { fixtureInfo, fixtureTokens, send, startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';
import { openApiDocument } from './openapi.ts';
import { defineRoute } from './route.ts';
import type { LimitName } from './limits.ts';
import type { Route } from './route.ts';

const PER_MINUTE = 10;

const named = (path: string, limits: readonly LimitName[], devices = false): Route =>
  defineRoute({
    method: 'GET',
    path,
    operationId: `get${path.slice(1)}`,
    summary: 'Something',
    tag: 'Things',
    access: devices
      ? { kind: 'roles', roles: ['gate', 'guest'], devices: true }
      : { kind: 'public', token: 'optional' },
    limits,
    responses: { 200: { description: 'It.', schema: Type.Object({}), example: {} } },
    problems: [],
    handle: async () => ({ status: 200, body: {} }),
  });

const batch = defineRoute({
  method: 'POST',
  path: '/batch',
  operationId: 'sendBatch',
  summary: 'Something',
  tag: 'Things',
  access: { kind: 'roles', roles: ['gate'], devices: true },
  limits: ['gate'],
  counts: { what: 'items', of: ({ items }) => items.length },
  body: Type.Object({ items: Type.Array(Type.Integer(), { minItems: 1, maxItems: 500 }) }),
  bodyExample: { items: [1] },
  responses: { 200: { description: 'It.', schema: Type.Object({}), example: {} } },
  problems: [],
  handle: async () => ({ status: 200, body: {} }),
});

const scanner: TokenVerifier = {
  verify: async (token) =>
    token === 'scanner'
      ? {
          kind: 'device',
          userId: 'd-1',
          sessionId: 'd-1',
          roles: [{ role: 'gate', parkId: null }],
          actor: 'device:d-1',
        }
      : fixtureTokens.verify(token),
};

async function start(httpConfig: Partial<HttpConfig> = {}): Promise<Fixture> {
  const fixture = await startFixture({
    routes: [
      named('/plain', []),
      named('/login', ['login']),
      named('/gate', ['gate'], true),
      named('/scan', [], true),
      batch,
    ],
    tokens: scanner,
    httpConfig: { rateLimitPerMinute: PER_MINUTE, ...httpConfig },
  });
  // The start of a minute, so that what is counted is known.
  fixture.clock.nowMs = Math.ceil(fixture.clock.nowMs / 60_000) * 60_000;
  onTestFinished(() => fixture.app.close());
  return fixture;
}

type Asked = { readonly as?: string; readonly headers?: Record<string, string>; readonly times?: number };

/** How many of some requests are let through, and the last answer. */
async function ask(fixture: Fixture, path: string, { as, headers = {}, times = 2_000 }: Asked = {}) {
  let through = 0;
  let last = null as Awaited<ReturnType<typeof send>> | null;
  for (let index = 0; index < times; index += 1) {
    last = await send(fixture, { url: `/api/v1${path}`, headers, ...(as === undefined ? {} : { as }) });
    if (last.status === 429) break;
    through += 1;
  }
  return { through, last };
}

describe('a client that asks too often', () => {
  test('is told so with the seconds to wait, and is served again after them', async () => {
    const fixture = await start();
    const { through, last } = await ask(fixture, '/plain', { as: 'aida' });
    expect(through).toBe(PER_MINUTE);
    expect(last).toMatchObject({ status: 429, json: { code: 'rate_limited' }, headers: { 'retry-after': '66' } });
    fixture.clock.nowMs += 65_000;
    expect((await ask(fixture, '/plain', { as: 'aida', times: 1 })).through).toBe(0);
    fixture.clock.nowMs += 1_000;
    expect((await ask(fixture, '/plain', { as: 'aida', times: 1 })).through).toBe(1);
  });

  test('is counted by account when signed in: others behind the same address are not held up', async () => {
    const fixture = await start();
    await ask(fixture, '/plain', { as: 'aida' });
    expect((await ask(fixture, '/plain', { as: 'bek' })).through).toBe(PER_MINUTE);
    expect((await ask(fixture, '/plain', { times: 1 })).through).toBe(1);
  });

  test('is counted by address when not signed in, ten times as wide; a device has six times as much', async () => {
    const fixture = await start();
    expect((await ask(fixture, '/plain')).through).toBe(10 * PER_MINUTE);
    expect((await ask(fixture, '/scan', { as: 'scanner' })).through).toBe(6 * PER_MINUTE);
  });

  test('is counted when it is refused: with a bad token, without one, in a format that nobody offers', async () => {
    const fixture = await start();
    const some = 3 * PER_MINUTE;
    const bad = await ask(fixture, '/plain', { as: 'nobody', times: some });
    const without = await ask(fixture, '/scan', { times: some });
    const format = await ask(fixture, '/plain', { headers: { accept: 'image/png' }, times: some });
    expect([bad.last?.status, without.last?.status, format.last?.status]).toEqual([401, 401, 406]);
    expect((await ask(fixture, '/plain')).through).toBe(PER_MINUTE);
  });

  test('with a right it lacks is counted as itself', async () => {
    const fixture = await start();
    const { through, last } = await ask(fixture, '/scan', { as: 'admin' });
    expect([through, last?.status]).toEqual([PER_MINUTE, 429]);
  });

  test('gains nothing by an address that it makes up', async () => {
    const fixture = await start();
    let through = 0;
    for (let index = 0; index < 200; index += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${index}`, forwarded: `for=203.0.113.${index}` };
      through += (await ask(fixture, '/plain', { headers, times: 1 })).through;
    }
    expect(through).toBe(10 * PER_MINUTE);
  });

  test('is known by the address that a trusted proxy names, never by what stands before that', async () => {
    const fixture = await start({ trustedProxies: ['127.0.0.1'] });
    const behind = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    await ask(fixture, '/plain', behind('198.51.100.1, 203.0.113.1'));
    expect((await ask(fixture, '/plain', { ...behind('198.51.100.2, 203.0.113.1'), times: 1 })).through).toBe(0);
    expect((await ask(fixture, '/plain', { ...behind('198.51.100.1, 203.0.113.2'), times: 1 })).through).toBe(1);
  });
});

describe('a route with limits of its own', () => {
  test('holds the tighter one besides, for all accounts of an address', async () => {
    const fixture = await start();
    expect((await ask(fixture, '/login')).through).toBe(12);
    expect((await ask(fixture, '/login', { as: 'aida' })).through).toBe(0);
    expect((await ask(fixture, '/plain', { times: 1 })).through).toBe(1);
  });

  test('may be wider than the usual one', async () => {
    const fixture = await start();
    expect((await ask(fixture, '/gate', { as: 'gate' })).through).toBe(120);
    expect((await ask(fixture, '/plain', { as: 'gate' })).through).toBe(PER_MINUTE);
  });

  test('says so in the document', () => {
    const document = JSON.stringify(openApiDocument([named('/login', ['login'])], fixtureInfo));
    expect(document).toContain('At most 120 requests a minute from one address.');
    expect(document).toContain('"RateLimit-Policy"');
  });
});

describe('a route that counts what a request holds', () => {
  const LIMIT = 12 * PER_MINUTE;
  const sendItems = (fixture: Fixture, length: number) =>
    send(fixture, {
      method: 'POST',
      url: '/api/v1/batch',
      as: 'scanner',
      body: { items: Array.from({ length }, (_, index) => index) },
    });

  test('takes as many as it holds, and says how many are left', async () => {
    const fixture = await start();
    expect(await sendItems(fixture, 100)).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': '20' } });
    expect(await sendItems(fixture, 1)).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': '19' } });
    const { status, json, headers } = await sendItems(fixture, 30);
    expect(status).toBe(429);
    expect(json).toMatchObject({ code: 'rate_limited', detail: `More than ${LIMIT} items in 60 seconds.` });
    // The call itself was one; what it holds was not taken.
    expect(headers).toMatchObject({ 'x-ratelimit-limit': String(LIMIT), 'x-ratelimit-remaining': '18' });
    expect(headers['ratelimit']).toBe(`"gate";r=18;t=${String(headers['retry-after'])}`);
    expect((await sendItems(fixture, 18)).status).toBe(200);
  });

  test('lets a request through that waited as long as told, and one that holds more than the limit once it is whole', async () => {
    const fixture = await start();
    for (const length of [2, 60, LIMIT, 500]) {
      // One is left, so the body is read and known to hold more.
      await sendItems(fixture, LIMIT - 1);
      const refused = await sendItems(fixture, length);
      expect(refused.status).toBe(429);
      fixture.clock.nowMs += Number(refused.headers['retry-after']) * 1000;
      expect((await sendItems(fixture, length)).status).toBe(200);
      fixture.clock.nowMs += 120_000;
    }
  });

  test('counts a request that is not valid as one', async () => {
    const fixture = await start();
    expect((await sendItems(fixture, 0)).status).toBe(400);
    expect((await sendItems(fixture, LIMIT - 1)).status).toBe(200);
  });

  test('says what it counts in the document', () => {
    const document = JSON.stringify(openApiDocument([batch], fixtureInfo));
    expect(document).toContain('At most 1200 items a minute from one account or device.');
  });
});

describe('every answer', () => {
  test('says how much is left of each limit, and in the older headers of the nearest', async () => {
    const fixture = await start();
    fixture.clock.nowMs += 20_000;
    const { last } = await ask(fixture, '/login', { as: 'aida', times: 3 });
    expect(last?.headers).toMatchObject({
      'ratelimit-policy': '"account";q=10;w=60, "login";q=12;w=60',
      ratelimit: '"account";r=7;t=40, "login";r=9;t=40',
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '7',
      'x-ratelimit-reset': String(fixture.clock.nowMs / 1000 + 40),
    });
  });

  test('with 429 asks to wait no shorter than the headers say', async () => {
    const fixture = await start();
    const { last } = await ask(fixture, '/login');
    expect(last?.headers['ratelimit']).toContain(`"login";r=0;t=${String(last?.headers['retry-after'])}`);
    expect(last?.headers).toMatchObject({ 'x-ratelimit-limit': '12', 'x-ratelimit-remaining': '0' });
  });

  test('to machines around us is not counted', async () => {
    const fixture = await start({ rateLimitPerMinute: 1 });
    for (let index = 0; index < 50; index += 1) {
      const { status, headers } = await send(fixture, { url: '/health/live' });
      expect([status, headers['ratelimit']]).toEqual([200, undefined]);
    }
  });
});
