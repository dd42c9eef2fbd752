import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OTHER_PARK, PARK, startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';
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

type Sent = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly as?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
};

async function send({ method = 'GET', url, as, headers = {}, body }: Sent) {
  const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const authorization = as === undefined ? {} : { authorization: `Bearer ${as}` };
  const response = await fixture.app.inject({
    method,
    url,
    headers: { ...type, ...authorization, ...headers },
    ...payload,
  });
  const json: unknown =
    /json/.test(String(response.headers['content-type'] ?? '')) && response.body !== ''
      ? JSON.parse(response.body)
      : undefined;
  return { status: response.statusCode, headers: response.headers, json, text: response.body };
}

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
    expect((await send({ url: '/api/v1/things?limit=5&all=true&q=7&cursor=abc' })).json).toEqual({
      query: { limit: 5, all: true, q: '7', cursor: 'abc' },
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

describe('bodies', () => {
  test('faults are named in the words of the caller, all at once', async () => {
    const { status, json } = await order({
      children: [{ name: 'A', birth_date: '2022-02-30' }, { name: 7 }],
      adults: -1,
      role: 'admin',
    });
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'validation_failed' });
    expect(json).toHaveProperty(
      'errors',
      expect.arrayContaining([
        { path: 'role', message: 'is not a known field' },
        { path: 'children.0.birth_date', message: 'must match format "date"' },
        { path: 'children.1.birth_date', message: 'is required' },
        { path: 'children.1.name', message: 'must be string' },
        { path: 'adults', message: 'must be >= 0' },
      ]),
    );
  });

  test.each([
    ['a text for a number', { children, adults: '2' }],
    ['a number for a text', { children, note: 5 }],
    ['null for a number', { children, adults: null }],
    ['a fraction', { children, adults: 1.5 }],
    ['a number beyond any range', { children, adults: 1e300 }],
    ['an unknown field', { children, price: '0.00' }],
    ['an unknown field inside', { children: [{ ...children[0], id: 'x' }] }],
    ['too many', { children: Array.from({ length: 51 }, () => children[0]) }],
    ['too long a text', { children, note: 'x'.repeat(201) }],
    ['an array', []],
    ['a bare text', '"x"'],
    ['nothing', undefined],
    ['the year 0001', { children: [{ name: 'A', birth_date: '0001-01-01' }] }],
    ['a duplicate name', '{"children":[],"children":[]}'],
    ['a cut body', '{"children":'],
    ['a byte order mark', '\uFEFF{}'],
    ['NaN', '{"adults":NaN}'],
    ['__proto__', '{"__proto__":{}}'],
    ['a NUL', String.raw`{"note":"\u0000"}`],
    ['half of a surrogate pair', String.raw`{"note":"\ud800"}`],
    ['10 000 levels', '['.repeat(10_000)],
  ])('%s is 400 and nothing runs', async (_what, body) => {
    const before = fixture.behaviour.calls;
    expect((await order(body)).status).toBe(400);
    expect(fixture.behaviour.calls).toBe(before);
  });

  test('unusual but real text is kept as it is', async () => {
    const name = 'Өмүрбек 🎈 \u202E<script>\u200B"; DROP TABLE';
    expect((await order({ children: [{ name, birth_date: '2020-02-29' }] })).json).toMatchObject({
      children: [{ name }],
    });
  });

  test.each([
    ['text/xml', '<a/>'],
    ['application/json; charset=latin1', '{}'],
    ['application/x-www-form-urlencoded', 'a=1'],
    ['nonsense', '{}'],
  ])('content type %s is 415', async (type, body) => {
    expect(await order(body, { 'content-type': type })).toMatchObject({
      status: 415,
      json: { code: 'unsupported_media_type' },
    });
  });

  test('a body without a content type is 415, a compressed one too', async () => {
    const response = await fixture.app.inject({
      method: 'POST',
      url: '/api/v1/things',
      headers: { authorization: 'Bearer aida', 'content-length': '2' },
      payload: Buffer.from('{}'),
    });
    expect(response.statusCode).toBe(415);
    expect((await order({ children }, { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  test('application/json with charset utf-8 is read', async () => {
    expect((await order({ children }, { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(201);
  });

  test('a body over the limit is 413', async () => {
    expect(await order({ children, note: 'x'.repeat(300_000) })).toMatchObject({
      status: 413,
      json: { code: 'payload_too_large' },
    });
  });

  test('a webhook gets its exact bytes, whatever is in them', async () => {
    const body = '{"a":1,  "a":2}\n';
    expect((await send({ method: 'POST', url: '/api/v1/webhooks/elqr', body })).json).toEqual({
      bytes: body.length,
      text: body,
    });
  });

  test('an answer has only the fields of its schema', async () => {
    expect(Object.keys(Object((await order({ children })).json)).toSorted()).toEqual([
      'children',
      'command_id',
      'id',
      'made_at',
      'note',
      'price',
      'state',
    ]);
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
