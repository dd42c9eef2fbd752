import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { expectRebuildEqual, openUserTestNode, ownerTokens, type UserTestNode } from './user.suite.ts';

const byNumber = (one: number, other: number): number => one - other;

describeWithDatabase('editing', () => {
  let node: UserTestNode;
  let servers: readonly [TestServer, TestServer];
  let lastNumber = 200_000;

  const open = async (): Promise<string> => {
    const userId = systemIds.next();
    const phone = `+996555${(lastNumber += 1)}`;
    const details = { userId, phone, name: 'Айгүл', email: null, language: 'ky' } as const;
    await node.first.module.register(details, { actor: `user:${userId}`, correlationId: 'test' });
    return userId;
  };
  const me = '/api/v1/users/me';
  const ask: TestServer['ask'] = (...question) => servers[0].ask(...question);
  const patch = (token: string, etag: unknown, body: unknown, path = me, server = servers[0]) =>
    server.ask('PATCH', path, { token, body, headers: { 'if-match': String(etag) } });
  const addChild = async (token: string) => {
    const added = await ask('POST', `${me}/children`, { token, body: { name: 'Алина', birth_date: '2022-03-01' } });
    return { path: `${me}/children/${String(added.body['id'])}`, etag: added.headers['etag'], body: added.body };
  };

  beforeAll(async () => {
    node = await openUserTestNode();
    const second = await node.start();
    servers = [
      await serve(node.first.module.routes, ownerTokens, node.clock),
      await serve(second.module.routes, ownerTokens, node.clock),
    ];
  });
  afterAll(async () => {
    for (const server of servers ?? []) await server.close();
    await node?.close();
  });

  describe('the profile', () => {
    test('is changed in what is named, and everybody sees the next version', async () => {
      const token = await open();
      const { headers } = await ask('GET', me, { token });
      const changed = await patch(token, headers['etag'], { email: 'aigul@example.com', language: 'en' });
      expect(changed).toMatchObject({
        status: 200,
        headers: { etag: '"2"' },
        body: { name: 'Айгүл', email: 'aigul@example.com', language: 'en' },
      });
      const [first, second] = await Promise.all(servers.map((server) => server.ask('GET', me, { token })));
      expect(first?.body).toEqual(changed.body);
      expect(second).toMatchObject({ headers: { etag: '"2"' }, body: changed.body });
      expect((await patch(token, '"2"', { email: null })).body['email']).toBeNull();
    });

    test('that would stay as it is gets no new version', async () => {
      const token = await open();
      expect(await patch(token, '"1"', { name: 'Айгүл', email: null })).toMatchObject({
        status: 200,
        headers: { etag: '"1"' },
      });
    });

    test('an edit of an older version is 412, one without a version 428', async () => {
      const token = await open();
      await patch(token, '"1"', { name: 'Жибек' });
      for (const etag of ['"1"', '"3"', 'W/"2"', '*', '2']) {
        const lost = await patch(token, etag, { name: 'Lost' });
        expect(lost).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
      }
      expect((await ask('PATCH', me, { token, body: { name: 'Lost' } })).status).toBe(428);
      expect((await ask('GET', me, { token })).body['name']).toBe('Жибек');
    });

    test('of many edits of one version over two programs exactly one is kept', async () => {
      const token = await open();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          patch(token, '"1"', { name: `Name ${index}` }, me, servers[index % 2 === 0 ? 0 : 1]),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([200, ...Array<number>(19).fill(412)]);
      const kept = answers.find(({ status }) => status === 200);
      expect((await ask('GET', me, { token })).body).toEqual(kept?.body);
    });

    test.each([
      ['nothing', {}, ''],
      ['no name', { name: null }, 'name'],
      ['a name of spaces', { name: ' \u200b ' }, 'name'],
      ['a name with a line end', { name: 'a\r\nSet-Cookie: b' }, 'name'],
      ['a name of 101 letters', { name: 'a'.repeat(101) }, 'name'],
      ['a number for a name', { name: 5 }, 'name'],
      ['no e-mail address', { email: 'aigul' }, 'email'],
      ['two e-mail addresses', { email: 'a@b.kg,c@d.kg' }, 'email'],
      ['an e-mail address with a line end', { email: 'a@b.kg\r\nBcc: c@d.kg' }, 'email'],
      ['an unknown language', { language: 'de' }, 'language'],
      ['another phone', { phone: '+996555000000' }, 'phone'],
      ['a role', { roles: ['admin'] }, 'roles'],
    ])('%s is 400 and changes nothing', async (_what, body, path) => {
      const token = await open();
      const before = await ask('GET', me, { token });
      expect(await patch(token, '"1"', body)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path }] },
      });
      expect((await ask('GET', me, { token })).body).toEqual(before.body);
    });

    test('half of a surrogate pair is 400; what is only unusual is kept as it was typed', async () => {
      const token = await open();
      const half = Buffer.from('{"name":"\\ud800"}');
      const headers = { 'if-match': '"1"', 'content-type': 'application/json' };
      expect((await ask('PATCH', me, { token, body: half, headers })).status).toBe(400);
      let version = 1;
      for (const name of ['\u202elügyA', '👩‍👧 Аня', "Robert'); drop table users;--", '=cmd|1', '$(id)', '*)(uid=*']) {
        expect(await patch(token, `"${version}"`, { name })).toMatchObject({ status: 200, body: { name } });
        version += 1;
      }
    });
  });

  describe('a child', () => {
    test('is changed in what is named, with the version in the ETag', async () => {
      const token = await open();
      const { path, etag, body } = await addChild(token);
      const changed = await patch(token, etag, { birth_date: '2021-02-28', gender: 'female' }, path);
      expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' } });
      expect(changed.body).toEqual({ ...body, birth_date: '2021-02-28', gender: 'female' });
      expect(await ask('GET', path, { token })).toMatchObject({ headers: { etag: '"2"' }, body: changed.body });
      expect((await patch(token, '"2"', { gender: null }, path)).body['gender']).toBeNull();
      expect((await patch(token, '"2"', { name: 'Lost' }, path)).status).toBe(412);
    });

    test('that was removed is gone for good', async () => {
      const token = await open();
      const { path, etag } = await addChild(token);
      expect((await ask('DELETE', path, { token })).status).toBe(204);
      expect(await ask('DELETE', path, { token })).toMatchObject({ status: 404, body: { code: 'child_not_found' } });
      expect((await ask('GET', path, { token })).status).toBe(404);
      expect((await patch(token, etag, { name: 'Back' }, path)).status).toBe(404);
      expect((await ask('GET', `${me}/children`, { token })).body['items']).toEqual([]);
    });

    test('of somebody else is 404, as is one that never was, and stays as it is', async () => {
      const [parent, stranger] = [await open(), await open()];
      const { path, etag, body } = await addChild(parent);
      for (const other of [path, `${me}/children/${systemIds.next()}`]) {
        expect((await ask('GET', other, { token: stranger })).status).toBe(404);
        expect((await patch(stranger, etag, { name: 'Mine' }, other)).status).toBe(404);
        expect((await ask('DELETE', other, { token: stranger })).status).toBe(404);
      }
      expect((await ask('GET', path, { token: parent })).body).toEqual(body);
    });

    test.each([
      ['30 February', { birth_date: '2022-02-30' }, 'birth_date'],
      ['a birth in the future', { birth_date: '2026-11-25' }, 'birth_date'],
      ['a grown-up', { birth_date: '2008-11-24' }, 'birth_date'],
      ['a name with a line end', { name: 'a\nb' }, 'name'],
      ['another parent', { user_id: systemIds.next() }, 'user_id'],
    ])('%s is 400 and changes nothing', async (_what, change, field) => {
      const token = await open();
      const { path, etag, body } = await addChild(token);
      expect(await patch(token, etag, change, path)).toMatchObject({
        status: 400,
        body: { errors: [{ path: field }] },
      });
      expect((await ask('GET', path, { token })).body).toEqual(body);
    });

    test('edited and removed at once over two programs ends removed, and is removed once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const token = await open();
        const { path, etag } = await addChild(token);
        const [changed, removed, again] = await Promise.all([
          patch(token, etag, { name: 'Бек' }, path, servers[0]),
          servers[1].ask('DELETE', path, { token }),
          servers[0].ask('DELETE', path, { token }),
        ]);
        expect([200, 404]).toContain(changed.status);
        expect([removed.status, again.status].toSorted(byNumber)).toEqual([204, 404]);
        expect((await ask('GET', path, { token })).status).toBe(404);
      }
    });
  });

  test('read models hold the same rows after any replay and after a rebuild in ranges', async () => {
    await expectRebuildEqual(node);
  });
});
