import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { openUserTestNode, ownerTokens, type UserProgram, type UserTestNode } from './user.suite.ts';

describeWithDatabase('routes of the profile', () => {
  let node: UserTestNode;
  let program: UserProgram;
  let server: TestServer;
  let lastNumber = 100_000;

  const open = async (): Promise<string> => {
    const userId = systemIds.next();
    const phone = `+996555${(lastNumber += 1)}`;
    const details = { userId, phone, name: 'Айгүл', email: null, language: 'ky' } as const;
    await program.module.register(details, { actor: `user:${userId}`, correlationId: 'test' });
    return userId;
  };
  const alina = { name: 'Алина', birth_date: '2022-03-01' };
  const add = (token: string, body: unknown, headers = {}) =>
    server.ask('POST', '/api/v1/users/me/children', { token, body, headers });
  const list = (token: string, query = '') => server.ask('GET', `/api/v1/users/me/children${query}`, { token });

  beforeAll(async () => {
    node = await openUserTestNode();
    program = node.first;
    server = await serve(program.module.routes, ownerTokens, node.clock);
  });
  afterAll(() => node?.close());

  test('the profile is its owner’s', async () => {
    const token = await open();
    expect(await server.ask('GET', '/api/v1/users/me', { token })).toMatchObject({
      status: 200,
      body: { id: token, name: 'Айгүл', email: null, language: 'ky', created_at: '2026-11-24T06:30:00.000Z' },
    });
    expect((await server.ask('GET', '/api/v1/users/me')).status).toBe(401);
    expect((await server.ask('GET', '/api/v1/users/me', { token: systemIds.next() })).status).toBe(404);
  });

  test('a child that was added is listed for its parent and for nobody else', async () => {
    const [token, stranger] = [await open(), await open()];
    const added = await add(token, { ...alina, gender: 'female' });
    expect(added).toMatchObject({ status: 201, body: { ...alina, gender: 'female' } });
    expect((await list(token)).body).toEqual({ items: [added.body], next_cursor: null });
    expect((await list(stranger)).body).toEqual({ items: [], next_cursor: null });
    expect((await add(token, alina)).body['gender']).toBeNull();
  });

  test('pages lead from the oldest entry to the newest, each once', async () => {
    const token = await open();
    const names = Array.from({ length: 22 }, (_, index) => `Child ${index}`);
    for (const name of names) await add(token, { ...alina, name });
    for (const limit of [5, 11, 21, 22, 23, undefined]) {
      const found: unknown[] = [];
      let query = limit === undefined ? '' : `?limit=${limit}`;
      for (let pages = 0; query !== 'end' && pages < 9; pages += 1) {
        const { items, next_cursor: next } = (await list(token, query)).body as {
          items: [];
          next_cursor: string | null;
        };
        expect(items.length).toBeLessThanOrEqual(limit ?? 20);
        found.push(...items.map(({ name }) => name));
        query = next === null ? 'end' : `?cursor=${next}${limit === undefined ? '' : `&limit=${limit}`}`;
      }
      expect(found).toEqual(names);
    }
  });

  test('a cursor of another list, or of somebody else, is 400', async () => {
    const [token, stranger] = [await open(), await open()];
    for (const one of [token, token, stranger, stranger]) await add(one, alina);
    const theirs = (await list(stranger, '?limit=1')).body['next_cursor'];
    const ticketList = Buffer.from(systemIds.next()).toString('base64url');
    for (const cursor of ['x', ticketList, theirs]) {
      expect(await list(token, `?cursor=${String(cursor)}`)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path: 'cursor' }] },
      });
    }
  });

  test('one key adds one child, though the answer is asked for again', async () => {
    const token = await open();
    const key = { 'idempotency-key': 'k1' };
    const added = await add(token, alina, key);
    const again = await add(token, alina, key);
    expect(again.body).toEqual(added.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await add(token, { ...alina, name: 'Бек' }, key)).status).toBe(422);
    expect((await list(token)).body['items']).toHaveLength(1);
  });

  test.each([
    ['no name', { birth_date: '2022-03-01' }, 'name'],
    ['a name of spaces', { ...alina, name: '  ' }, 'name'],
    ['a name with a line end', { ...alina, name: 'a\r\nb' }, 'name'],
    ['a name that nobody sees', { ...alina, name: '\u200b' }, 'name'],
    ['no birth date', { name: 'Алина' }, 'birth_date'],
    ['30 February', { ...alina, birth_date: '2022-02-30' }, 'birth_date'],
    ['an instant for a date', { ...alina, birth_date: '2022-03-01T00:00:00Z' }, 'birth_date'],
    ['a birth in the future', { ...alina, birth_date: '2026-11-25' }, 'birth_date'],
    ['a grown-up', { ...alina, birth_date: '2008-11-24' }, 'birth_date'],
    ['an unknown gender', { ...alina, gender: 'x' }, 'gender'],
    ['somebody else’s account', { ...alina, user_id: systemIds.next() }, 'user_id'],
  ])('%s is 400 and names the field', async (_what, body, path) => {
    const token = await open();
    expect(await add(token, body)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path }] },
    });
    expect((await list(token)).body['items']).toEqual([]);
  });

  test('markup and writing in any direction are kept and shown as they were typed', async () => {
    const token = await open();
    for (const name of ['<script>alert(1)</script>', '\u202eanilA', '🎈 Аня', "'; drop table users; --", '=1+1']) {
      expect(await add(token, { ...alina, name })).toMatchObject({ status: 201, body: { name } });
    }
    expect(server.lines.join('')).not.toContain('anilA');
  });

  test('the thirty-first child is refused as 409', async () => {
    const token = await open();
    for (let count = 0; count < 30; count += 1) expect((await add(token, alina)).status).toBe(201);
    expect(await add(token, alina)).toMatchObject({ status: 409, body: { code: 'too_many_children' } });
  });
});
