import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OTHER_PARK, PARK, send as sendTo, startFixture } from './http-fixture.ts';
import type { Fixture, Sent } from './http-fixture.ts';
import { problem } from './problem.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    mapError: (error) => (error instanceof Error && error.message === 'database lost' ? problem('busy') : null),
  });
});
afterAll(() => fixture.app.close());
beforeEach(() => {
  fixture.behaviour.next = 'create';
  fixture.lines.length = 0;
});

const send = (sent: Sent) => sendTo(fixture, sent);

const children = [{ name: 'Алина', birth_date: '2022-03-01' }];
const order = (body: unknown, headers: Record<string, string> = {}) =>
  send({ method: 'POST', url: '/api/v1/things', as: 'aida', body, headers });

describe('every refusal', () => {
  test('is a problem with a stable code, a request id and the fixed headers', async () => {
    const { status, headers, json } = await send({
      url: '/nowhere?phone=%2B996555123456',
      headers: { 'x-request-id': 'my-id.1' },
    });
    expect(status).toBe(404);
    expect(json).toEqual({
      type: 'urn:skypark:problem:not_found',
      title: 'There is nothing here',
      status: 404,
      detail: 'There is nothing here',
      instance: 'urn:skypark:request:my-id.1',
      code: 'not_found',
      error: 'There is nothing here',
      request_id: 'my-id.1',
    });
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': 'my-id.1',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('has a title in the language of the caller and the same code', async () => {
    const { json, headers } = await send({ url: '/nowhere', headers: { 'accept-language': 'ky' } });
    expect(json).toMatchObject({ code: 'not_found', title: 'Эч нерсе табылган жок' });
    expect(headers['content-language']).toBe('ky');
  });

  test('a dangerous request id is replaced', async () => {
    const { headers } = await send({ url: '/nowhere', headers: { 'x-request-id': 'a'.repeat(65) } });
    expect(headers['x-request-id']).toMatch(/^01936f2e-/);
  });
});

describe('addresses and methods', () => {
  test('a wrong method on a known address is 405 with Allow, before authorization and body', async () => {
    for (const method of ['PUT', 'DELETE'] as const) {
      const answer = await send({ method, url: '/api/v1/things', body: method === 'PUT' ? '{"broken' : undefined });
      expect(answer).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD, POST' },
        json: { code: 'method_not_allowed' },
      });
    }
  });

  test('a templated address is recognised too', async () => {
    expect(await send({ url: `/api/v1/things/${PARK}` })).toMatchObject({ status: 405, headers: { allow: 'DELETE' } });
  });

  test('HEAD answers like GET, without a body', async () => {
    expect(await send({ method: 'HEAD', url: '/api/v1/things' })).toMatchObject({ status: 200, text: '' });
  });

  test.each([
    ['/api/v1/things/%zz/qr', 400, 'malformed_body'],
    ['/api/v1/things/%00/qr', 400, 'malformed_body'],
    ['/api/v1/things/not-a-uuid/qr', 400, 'validation_failed'],
    [`/api/v1/things/${PARK.toUpperCase()}/qr`, 400, 'validation_failed'],
    [`/api/v1/things/urn:uuid:${PARK}/qr`, 400, 'validation_failed'],
    [`/api/v1/things/${'a'.repeat(301)}/qr`, 404, 'not_found'],
    ['/api/v1/things/a/b/c', 404, 'not_found'],
    ['/api/v1/things/../../etc/passwd', 404, 'not_found'],
  ])('%s is %i', async (url, status, code) => {
    const answer = await send({ url });
    expect(answer).toMatchObject({ status, json: { code } });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('queries', () => {
  test('declared integers and booleans are read, everything else stays text', async () => {
    expect((await send({ url: '/api/v1/things?limit=5&all=true&q=7' })).json).toEqual({
      query: { limit: 5, all: true, q: '7' },
      who: null,
    });
  });

  test.each([
    'limit=-1',
    'limit=0',
    'limit=101',
    'limit=1e2',
    'limit=1.5',
    'limit=0x10',
    'limit=+5',
    'limit=%205',
    'limit=',
    'limit=99999999999999999999',
    'all=yes',
    'state=odd',
    'x=1',
    'cursor=a%00',
    'q=',
  ])('%s is refused with the name of the field', async (query) => {
    const { status, json } = await send({ url: `/api/v1/things?${query}` });
    expect(status).toBe(400);
    if (!query.includes('%00'))
      expect(json).toMatchObject({ code: 'validation_failed', errors: [{ path: query.split('=')[0] }] });
  });

  test.each(['limit=5&limit=6', '__proto__=1', 'constructor[prototype]=1', 'q=%ff'])('%s is refused', async (query) => {
    expect((await send({ url: `/api/v1/things?${query}` })).status).toBe(400);
  });
});

describe('the format of answers', () => {
  const url = `/api/v1/things/${PARK}/qr`;
  test('follows Accept', async () => {
    expect(await send({ url, headers: { accept: 'image/svg+xml' } })).toMatchObject({
      text: '<svg/>',
      headers: { 'content-type': 'image/svg+xml' },
    });
    expect((await send({ url })).headers['content-type']).toBe('image/png');
  });

  test('that cannot be met is 406', async () => {
    expect(await send({ url, headers: { accept: 'application/json' } })).toMatchObject({
      status: 406,
      json: { code: 'not_acceptable' },
    });
    expect((await send({ url: '/api/v1/things', headers: { accept: 'text/html' } })).status).toBe(406);
  });
});

describe('who may', () => {
  const post = (headers: Record<string, string>) =>
    send({ method: 'POST', url: '/api/v1/things', body: { children }, headers });

  test('nobody without a token: 401 says how to sign in', async () => {
    expect(await post({})).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="skypark"' },
      json: { code: 'unauthorized' },
    });
  });

  test.each(['Bearer nobody', 'Bearer', 'Bearer  aida', 'Basic aida', 'aida', 'Bearer aida, Bearer aida'])(
    '%s is 401',
    async (authorization) => {
      const answer = await post({ authorization });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('error=');
    },
  );

  test('401 comes before anything is said about the body', async () => {
    expect((await send({ method: 'POST', url: '/api/v1/things', body: '{"broken' })).status).toBe(401);
  });

  test('on an open route a good token names the caller and a bad one is 401', async () => {
    expect((await send({ url: '/api/v1/things', as: 'aida' })).json).toMatchObject({ who: 'u-aida' });
    expect((await send({ url: '/api/v1/things', as: 'nobody' })).status).toBe(401);
  });

  test('a role reaches its own park, a chain-wide role every park, a guest none', async () => {
    const figures = async (as: string, park: string) =>
      (await send({ url: `/api/v1/parks/${park}/figures`, as })).status;
    expect([
      await figures('gate', PARK),
      await figures('gate', OTHER_PARK),
      await figures('admin', OTHER_PARK),
      await figures('aida', PARK),
    ]).toEqual([200, 403, 200, 403]);
  });
});

describe('failures of ours', () => {
  test('are 500 without a word of the cause, which is logged with the request id', async () => {
    fixture.behaviour.next = 'throw';
    const answer = await order({ children });
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal' } });
    expect(answer.text).not.toContain('secret');
    expect(fixture.lines.join('')).toContain('secret internals');
    expect(fixture.lines.join('')).toContain(String(answer.headers['x-request-id']));
  });

  test('that are known not to be bugs are answered as what they are', async () => {
    fixture.behaviour.next = 'lost';
    expect(await order({ children })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      json: { code: 'busy' },
    });
  });

  test('a refusal that heals says when to come again', async () => {
    fixture.behaviour.next = 'busy';
    expect(await order({ children })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
      json: { code: 'busy' },
    });
  });
});

describe('what is observed', () => {
  test('one line a request, with the template and never the address, and the trace of the caller', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    await send({ url: `/api/v1/things/${PARK}/qr`, headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
    await send({ url: '/private-path?phone=0555123456' });
    const lines = fixture.lines.map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      route: 'GET /api/v1/things/:id/qr',
      status: 200,
      correlation_id: trace,
      msg: 'request',
    });
    expect(lines[1]).toMatchObject({ route: 'unmatched', status: 404 });
    expect(fixture.lines.join('')).not.toMatch(/0555123456|private-path|01936f2e-0000-7000-8000-000000000001\/qr/);
  });

  test('the line of whoever is denied what they asked for says who it was, no other line does', async () => {
    await send({ url: `/api/v1/parks/${OTHER_PARK}/figures`, as: 'gate' });
    await send({ url: `/api/v1/parks/${PARK}/figures`, as: 'gate' });
    const [denied, welcome] = fixture.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const line = { level: 30, route: 'GET /api/v1/parks/:park_id/figures' };
    expect(denied).toMatchObject({ ...line, status: 403, actor: 'user:u-gate' });
    expect(welcome).toMatchObject({ ...line, status: 200 });
    expect(welcome).not.toHaveProperty('actor');
  });

  test('probes by machines are logged for debugging only', async () => {
    await send({ url: '/health/live' });
    expect(JSON.parse(fixture.lines[0] ?? '{}')).toMatchObject({ level: 20, route: 'GET /health/live' });
  });

  test('metrics count by template and class of status', async () => {
    await send({ url: `/api/v1/things/${PARK}/qr` });
    const { text, headers } = await send({ url: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/api/v1/things/:id/qr",status="2xx"}',
    );
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).not.toContain(PARK);
  });
});
