import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';
import { createMemoryIdempotencyStore } from './idempotency-memory.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.app.close());
beforeEach(() => {
  fixture.behaviour.next = 'create';
  fixture.behaviour.calls = 0;
});

const body = { children: [{ name: 'Алина', birth_date: '2022-03-01' }], adults: 1 };
const post = (
  key: string,
  { as = 'aida', payload = body, url = '/api/v1/things' }: { as?: string; payload?: object; url?: string } = {},
) =>
  fixture.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${as}`, 'idempotency-key': key, 'accept-language': 'ru' },
    payload,
  });

const commandIdOf = (answer: Awaited<ReturnType<typeof post>>): string => String(JSON.parse(answer.body).command_id);

describe('a keyed request', () => {
  test('runs once; a repeat gets the same status, body and headers, marked as replayed', async () => {
    const first = await post('k-1');
    const { body: text, headers } = first;
    const again = await post('"k-1"', { payload: { adults: 1, children: body.children } });
    expect([first.statusCode, again.statusCode, fixture.behaviour.calls]).toEqual([201, 201, 1]);
    expect(again.body).toBe(text);
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(again.headers).toMatchObject({
      'idempotent-replayed': 'true',
      location: '/things/t1',
      'content-type': headers['content-type'],
    });
  });

  test('hands the handler a command id made of principal, route, key and what is asked', async () => {
    const mine = await post('k-2');
    const theirs = await post('k-2', { as: 'bek' });
    expect(commandIdOf(mine)).toMatch(/^derived\(http u-aida POST \/api\/v1\/things k-2 [0-9a-f]{64}\)$/);
    expect(commandIdOf(theirs)).toBe(commandIdOf(mine).replace('u-aida', 'u-bek'));
    expect(fixture.behaviour.calls).toBe(2);
  });

  test('is the same command for ever, and with another body another one', async () => {
    const first = commandIdOf(await post('k-8'));
    fixture.clock.nowMs += 24 * 3_600_000;
    expect(commandIdOf(await post('k-8'))).toBe(first);
    fixture.clock.nowMs += 24 * 3_600_000;
    expect(commandIdOf(await post('k-8', { payload: { ...body, adults: 2 } }))).not.toBe(first);
  });

  test('with another body under the key is 422', async () => {
    await post('k-3');
    const other = await post('k-3', { payload: { ...body, adults: 2 } });
    expect(other.statusCode).toBe(422);
    expect(JSON.parse(other.body)).toMatchObject({ code: 'idempotency_key_reused' });
  });

  test('while the first still runs is 409 with Retry-After', async () => {
    fixture.behaviour.next = 'hang';
    let release = (): void => undefined;
    fixture.behaviour.wait = new Promise((resolve) => (release = resolve));
    const first = post('k-4').then((response) => response);
    while (fixture.behaviour.calls === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = await post('k-4');
    expect([second.statusCode, second.headers['retry-after']]).toEqual([409, '1']);
    expect(JSON.parse(second.body)).toMatchObject({ code: 'idempotency_key_in_flight' });
    release();
    expect((await first).statusCode).toBe(201);
    expect((await post('k-4')).headers['idempotent-replayed']).toBe('true');
  });

  test('keeps a lasting refusal: the same key is refused again although a place came free', async () => {
    fixture.behaviour.next = 'full';
    expect((await post('k-5')).statusCode).toBe(409);
    fixture.behaviour.next = 'create';
    const again = await post('k-5');
    expect([again.statusCode, again.headers['idempotent-replayed'], again.headers['content-type']]).toEqual([
      409,
      'true',
      'application/problem+json; charset=utf-8',
    ]);
    expect(JSON.parse(again.body)).toMatchObject({ code: 'park_at_capacity', remaining: 0 });
  });

  test.each(['busy', 'throw'] as const)('keeps nothing of an outcome that is not definite (%s)', async (next) => {
    fixture.behaviour.next = next;
    expect((await post(`k-6-${next}`)).statusCode).toBeGreaterThanOrEqual(500);
    fixture.behaviour.next = 'create';
    expect((await post(`k-6-${next}`)).statusCode).toBe(201);
  });

  test('keeps nothing of a success that says so: a repeat runs again as the same command', async () => {
    fixture.behaviour.next = 'open';
    const first = await post('k-9');
    expect([first.statusCode, first.headers['location']]).toEqual([201, '/things/t1']);
    expect(first.body).not.toContain('keep');
    fixture.behaviour.next = 'create';
    const again = await post('k-9');
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
    expect([commandIdOf(again), fixture.behaviour.calls]).toEqual([commandIdOf(first), 2]);
  });

  test('keeps nothing of a faulty request: the key may be used for the corrected one', async () => {
    expect((await post('k-7', { payload: {} })).statusCode).toBe(400);
    expect((await post('k-7')).statusCode).toBe(201);
  });
});

describe('the header', () => {
  test.each(['a b', '""', 'x'.repeat(256)])('%s is refused', async (key) => {
    const answer = await post(key);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ path: 'Idempotency-Key' }] });
  });

  test('is required where money moves', async () => {
    const pay = (headers: Record<string, string>) =>
      fixture.app.inject({
        method: 'POST',
        url: '/api/v1/payments',
        headers: { authorization: 'Bearer aida', ...headers },
        payload: { amount: '1.00' },
      });
    const without = await pay({});
    expect([without.statusCode, JSON.parse(without.body)]).toMatchObject([400, { code: 'idempotency_key_required' }]);
    expect((await pay({ 'idempotency-key': 'k' })).statusCode).toBe(201);
  });

  test('means nothing where answers are not kept', async () => {
    const get = await fixture.app.inject({ url: '/api/v1/things', headers: { 'idempotency-key': 'a b c' } });
    expect(get.statusCode).toBe(200);
  });
});

test('an answer whose keeping fails is given all the same', async () => {
  const store = createMemoryIdempotencyStore();
  const broken = await startFixture({
    idempotency: { ...store, complete: () => Promise.reject(new Error('store lost')) },
  });
  const answer = await broken.app.inject({
    method: 'POST',
    url: '/api/v1/things',
    headers: { authorization: 'Bearer aida', 'idempotency-key': 'k' },
    payload: body,
  });
  expect(answer.statusCode).toBe(201);
  expect(broken.lines.join('')).toContain('idempotency store failed');
  await broken.app.close();
});
