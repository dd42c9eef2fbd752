import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';

const STAFF = [
  { name: 'Boss', role: 'admin', parkId: null },
  { name: 'Bakyt', role: 'manager', parkId: 'osh' },
  { name: 'Gulnara', role: 'gate', parkId: 'ala-archa' },
] as const;

/** How long a role takes to act on tokens already issued, at most. */
const ROLES_ACT_MS = 6_000;

describeWithDatabase('the list of staff', () => {
  let node: AuthTestNode;
  let server: TestServer;
  const people: { readonly userId: string; readonly token: string }[] = [];

  beforeAll(async () => {
    node = await openAuthTestNode();
    const module = await node.start();
    server = await serve(module.routes, module.tokens, node.clock);
    for (const [index, { name, role, parkId }] of STAFF.entries()) {
      const done = await module.register({
        name,
        phone: `+99655520000${index}`,
        email: null,
        language: 'ru',
        password: 'correct horse',
        correlationId: 'test',
      });
      if (!done.ok) throw new Error(done.refusal.code);
      const { account, tokens } = done.value;
      people.push({ userId: account.userId, token: tokens.accessToken });
      await module.grantRole({ userId: account.userId, role, parkId }, { actor: 'system', correlationId: 'test' });
    }
    node.clock.advance(ROLES_ACT_MS);
  });
  afterAll(async () => {
    await server?.close();
    await node?.close();
  });

  async function list(who: number, query: string) {
    const answer = await server.ask('GET', `/api/v1/admin/staff${query}`, { token: people[who]?.token ?? '' });
    const body = answer.body as {
      readonly items?: readonly { readonly name: string }[];
      readonly next_cursor?: string;
    };
    return { status: answer.status, body, names: body.items?.map(({ name }) => name) };
  }

  test('tells an admin of everybody, by name and a page at a time', async () => {
    const first = await list(0, '?limit=2');
    expect(first.body).toMatchObject({
      items: [
        { user_id: people[0]?.userId, name: 'Boss', roles: [{ role: 'admin', park_id: null }] },
        { user_id: people[1]?.userId, name: 'Bakyt', roles: [{ role: 'manager', park_id: 'osh' }] },
      ],
    });
    const second = await list(0, `?limit=2&cursor=${first.body.next_cursor}`);
    expect(second).toMatchObject({ names: ['Gulnara'], body: { next_cursor: null } });
  });

  test('tells a manager of those whose roles count at the park, and of no other park', async () => {
    expect((await list(1, '?park_id=osh')).names).toEqual(['Boss', 'Bakyt']);
    expect((await list(1, '')).status).toBe(403);
    expect((await list(1, '?park_id=ala-archa')).status).toBe(403);
  });

  test('tells gate staff nothing, and takes no cursor of another list', async () => {
    expect((await list(2, '?park_id=ala-archa')).status).toBe(403);
    expect((await list(0, '?cursor=bm90aGluZw')).status).toBe(400);
  });

  test('finds those in whose name a text stands, in any case, page by page', async () => {
    expect((await list(0, '?name=BA')).names).toEqual(['Bakyt']);
    const first = await list(0, '?name=a&limit=1');
    expect(first.names).toEqual(['Bakyt']);
    expect(await list(0, `?name=a&limit=1&cursor=${first.body.next_cursor}`)).toMatchObject({
      names: ['Gulnara'],
      body: { next_cursor: null },
    });
    expect((await list(1, '?name=gul&park_id=osh')).names).toEqual([]);
    expect((await list(0, '?name=')).status).toBe(400);
  });

  test('shows the phone of a colleague who works there, on record, and of nobody else', async () => {
    const phoneOf = async (who: number, whose: number, query = '') => {
      const path = `/api/v1/admin/staff/${people[whose]?.userId}/phone${query}`;
      const { status, body } = await server.ask('GET', path, { token: people[who]?.token ?? '' });
      return status === 200 ? (body as { readonly phone: string }).phone : status;
    };
    expect(await phoneOf(1, 0, '?park_id=osh')).toBe('+996555200000');
    expect(await phoneOf(0, 2)).toBe('+996555200002');
    expect(await phoneOf(1, 2, '?park_id=osh')).toBe(404);
    expect(await phoneOf(1, 2, '?park_id=ala-archa')).toBe(403);
    expect(await phoneOf(1, 2)).toBe(403);
    expect(await phoneOf(0, 2, '?park_id=')).toBe(400);
    expect(await phoneOf(2, 1, '?park_id=ala-archa')).toBe(403);
    expect(node.lookUps).toEqual([
      { staffId: people[1]?.userId, userId: people[0]?.userId, parkId: 'osh' },
      { staffId: people[0]?.userId, userId: people[2]?.userId, parkId: null },
    ]);
  });
});
