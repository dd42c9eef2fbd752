import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { Principal, Role, TokenVerifier } from '../../infrastructure/http/access.ts';
import type { Method } from '../../infrastructure/http/route.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { bookingManifest } from './module.ts';
import { openOffice, type Office } from './office.suite.ts';

const BASE = '/api/v1/admin/promo-codes';
const TERMS = {
  percent: 15,
  sum: null,
  valid_from: '2026-12-01',
  valid_until: '2027-01-10',
  dates_of: 'visit',
  park_ids: [],
  min_price: '500.00',
  total_limit: 10,
  limit_per_guest: 1,
  active: true,
};

/** The token is the role, held at one park but for an admin. */
const tokens: TokenVerifier = {
  async verify(role): Promise<Principal> {
    const held = { role: role as Role, parkId: role === 'admin' ? null : 'osh' };
    return { kind: 'user', userId: role, sessionId: 's', roles: [held], actor: `user:${role}` };
  },
};

describeWithDatabase('the routes of promo codes', () => {
  let opened: ModuleDatabase;
  let office: Office;
  beforeAll(async () => {
    const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
    opened = await openModuleDatabase(bookingManifest, clock);
    office = await openOffice(await opened.startNode(), clock, { parkDays: async () => null }, tokens);
  });
  afterAll(async () => {
    await office?.server.close();
    await opened?.close();
  });

  const ask = (method: Method, path: string, body?: object, headers: Record<string, string> = {}, token = 'admin') =>
    office.server.ask(method, `${BASE}${path}`, { token, headers, ...(body === undefined ? {} : { body }) });
  let made = 0;
  const create = async (change: object = {}) => {
    made += 1;
    const answer = await ask('POST', '', { code: `CODE-${made}`, ...TERMS, ...change });
    expect(answer.status).toBe(201);
    return answer;
  };

  test('an admin makes a code, whose terms are shown with the version to edit', async () => {
    const created = await create({ code: 'Winter-26' });
    expect(created).toMatchObject({ headers: { etag: '"1"' }, body: { code: 'WINTER-26', ...TERMS, used: 0 } });
    const shown = await ask('GET', `/${String(created.body['id'])}`, undefined, {}, 'manager');
    expect(shown).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: created.body });
  });

  test('a name is given once, in whatever case, and one key makes one code', async () => {
    await create({ code: 'ONCE' });
    expect(await ask('POST', '', { code: 'once', ...TERMS })).toMatchObject({
      status: 409,
      body: { code: 'promo_code_taken' },
    });
    const key = { 'idempotency-key': ids.next() };
    const twice = [await ask('POST', '', { code: 'KEYED', ...TERMS }, key)];
    twice.push(await ask('POST', '', { code: 'KEYED', ...TERMS }, key));
    expect(twice.map(({ status, body }) => [status, body['id']])).toEqual(
      Array.from({ length: 2 }, () => [201, twice[0]?.body['id']]),
    );
  });

  test('an edit of an older version is 412, one without a version 428, and one of two that saw the same holds', async () => {
    const id = String((await create()).body['id']);
    expect((await ask('PUT', `/${id}`, TERMS)).status).toBe(428);
    const edits = await Promise.all(
      [20, 30].map((percent) => ask('PUT', `/${id}`, { ...TERMS, percent }, { 'if-match': '"1"' })),
    );
    expect(edits.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const kept = edits.find(({ status }) => status === 200);
    expect(kept).toMatchObject({ headers: { etag: '"2"' } });
    expect((await ask('GET', `/${id}`)).body).toEqual(kept?.body);
  });

  test('pages lead through all of them by name, and a cursor of another list is 400', async () => {
    for (let count = 0; count < 3; count += 1) await create();
    const names: unknown[] = [];
    let cursor = '';
    do {
      const page = await ask('GET', `?limit=2${cursor}`);
      names.push(...(page.body['items'] as { code: string }[]).map(({ code }) => code));
      const next = page.body['next_cursor'];
      cursor = typeof next === 'string' ? `&cursor=${next}` : '';
    } while (cursor !== '');
    expect(names.length).toBeGreaterThanOrEqual(3);
    expect(names).toEqual([...new Set(names)].toSorted((a, b) => (String(a) < String(b) ? -1 : 1)));
    expect((await ask('GET', '?cursor=forged')).status).toBe(400);
  });

  test('nobody finds a code by guessing its id', async () => {
    expect(await ask('GET', `/${ids.next()}`)).toMatchObject({ status: 404, body: { code: 'promo_code_not_found' } });
    expect((await ask('PUT', `/${ids.next()}`, TERMS, { 'if-match': '"1"' })).status).toBe(404);
  });

  describe('who may', () => {
    test.each(['guest', 'gate', 'finance'])('%s neither sees nor makes any', async (role) => {
      const id = String((await create()).body['id']);
      for (const [method, path, body, headers] of [
        ['GET', '', undefined, {}],
        ['GET', `/${id}`, undefined, {}],
        ['POST', '', { code: 'MINE', ...TERMS }, {}],
        ['PUT', `/${id}`, TERMS, { 'if-match': '"1"' }],
      ] as const) {
        expect(await ask(method, path, body, headers, role)).toMatchObject({
          status: 403,
          body: { code: 'forbidden' },
        });
      }
    });

    test('a manager sees all and changes none: a code may count at every park', async () => {
      const id = String((await create()).body['id']);
      expect((await ask('GET', '', undefined, {}, 'manager')).status).toBe(200);
      expect((await ask('POST', '', { code: 'MINE', ...TERMS }, {}, 'manager')).status).toBe(403);
      expect((await ask('PUT', `/${id}`, TERMS, { 'if-match': '"1"' }, 'manager')).status).toBe(403);
    });
  });

  describe('is refused', () => {
    test.each<[string, object, string]>([
      ['both a percent and a sum', { sum: '50.00' }, 'percent'],
      ['neither', { percent: null }, 'percent'],
      ['a percent above a hundred', { percent: 101 }, 'percent'],
      ['a percent of nothing', { percent: 0 }, 'percent'],
      ['half a percent', { percent: 1.5 }, 'percent'],
      ['a percent as a text', { percent: '15' }, 'percent'],
      ['a sum below zero', { percent: null, sum: '-5.00' }, 'sum'],
      ['a sum of nothing', { percent: null, sum: '0.00' }, 'sum'],
      ['an end before the beginning', { valid_until: '2026-11-30' }, 'valid_until'],
      ['a day that is none', { valid_from: '2026-02-30' }, 'valid_from'],
      ['no use at all', { total_limit: 0 }, 'total_limit'],
      ['uses without end', { total_limit: 1e12 }, 'total_limit'],
      ['no use by a guest', { limit_per_guest: 0 }, 'limit_per_guest'],
      ['a park whose name is none', { park_ids: ["'; drop table store.event; --"] }, 'park_ids.0'],
      ['a count of uses', { used: 0 }, 'used'],
    ])('%s, when made and when changed', async (_what, change, field) => {
      const id = String((await create()).body['id']);
      const answers = [
        await ask('POST', '', { code: `BAD-${made}`, ...TERMS, ...change }),
        await ask('PUT', `/${id}`, { ...TERMS, ...change }, { 'if-match': '"1"' }),
      ];
      for (const { status, body } of answers) {
        expect([status, body['code']]).toEqual([400, 'validation_failed']);
        expect((body['errors'] as { path: string }[])[0]?.path).toBe(field);
      }
      expect((await ask('GET', `/${id}`)).headers['etag']).toBe('"1"');
    });

    test.each(['ab', 'a b c', 'x'.repeat(41), 'КОД', 'A\u0000BC', '"><script>'])('the name %j', async (code) => {
      expect((await ask('POST', '', { code, ...TERMS })).status).toBe(400);
    });
  });
});
