import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send as sendTo, startFixture } from './http-fixture.ts';
import type { Fixture, Sent } from './http-fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.app.close());

const send = (sent: Sent) => sendTo(fixture, sent);

const children = [{ name: 'Алина', birth_date: '2022-03-01' }];
const order = (body: unknown, headers: Record<string, string> = {}) =>
  send({ method: 'POST', url: '/api/v1/things', as: 'aida', body, headers });

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
    expect(response.headers['accept']).toBe('application/json');
    expect(JSON.parse(response.body)).toMatchObject({ detail: 'Send application/json.' });
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
