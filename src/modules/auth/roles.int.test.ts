import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { rebuildProjection } from '../../infrastructure/event-store/projections.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { ok, refuse } from '../../kernel/result.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import { authManifest, type AuthModule } from './module.ts';

const meta = { actor: 'system', correlationId: 'test' };
const guest = { role: 'guest', parkId: null };

const SNAPSHOT = statement(
  'test.roles-snapshot',
  `select (select jsonb_agg(g order by g.user_id, g.role, g.park_id) from auth.role_grants g) as grants,
     (select jsonb_agg(c order by c.user_id) from auth.role_changes c) as changes`,
);
const HEAD = statement('test.head', 'select position from store.head');
const REPLAY = statement('test.replay', 'select auth.project_roles($1, $2)');

describeWithDatabase('roles', () => {
  let node: AuthTestNode;
  let first: AuthModule;
  let second: AuthModule;
  let lastNumber = 100_000;

  async function signIn(): Promise<{ readonly userId: string; readonly phone: string; readonly token: string }> {
    const phone = `+996555${(lastNumber += 1)}`;
    const details = {
      phone,
      name: 'Бек',
      email: null,
      language: 'ky',
      password: 'correct horse',
      correlationId: 'test',
    };
    const done = await first.register({ ...details, language: 'ky' });
    if (!done.ok) throw new Error(done.refusal.code);
    return { userId: done.value.account.userId, phone, token: done.value.tokens.accessToken };
  }
  const rolesOf = async (module: AuthModule, token: string) => (await module.tokens.verify(token))?.roles;

  beforeAll(async () => {
    node = await openAuthTestNode();
    [first, second] = [await node.start(), await node.start()];
  });
  afterAll(() => node?.close());

  test('everybody is a guest, and a role acts on living tokens: here at once, elsewhere within 5 s', async () => {
    const { userId, token } = await signIn();
    expect(await rolesOf(first, token)).toEqual([guest]);
    expect(await rolesOf(second, token)).toEqual([guest]);
    const gate = { userId, role: 'gate', parkId: 'ala-archa' } as const;
    expect(await first.grantRole(gate, meta)).toEqual(ok(null));
    expect(await rolesOf(first, token)).toEqual([guest, { role: 'gate', parkId: 'ala-archa' }]);
    node.clock.advance(4_000);
    expect(await rolesOf(second, token)).toEqual([guest, { role: 'gate', parkId: 'ala-archa' }]);
    await second.revokeRole(gate, meta);
    expect(await rolesOf(second, token)).toEqual([guest]);
    node.clock.advance(4_000);
    expect(await rolesOf(first, token)).toEqual([guest]);
  });

  test('a new token carries the roles, and they hold when the change is long ago', async () => {
    const { userId, phone } = await signIn();
    await first.grantRole({ userId, role: 'manager', parkId: 'ala-archa' }, meta);
    await first.grantRole({ userId, role: 'finance', parkId: null }, meta);
    node.clock.advance(3_600_000);
    const done = await second.login(phone, 'correct horse');
    expect(await rolesOf(first, done.ok && 'tokens' in done.value ? done.value.tokens.accessToken : '')).toEqual([
      guest,
      { role: 'finance', parkId: null },
      { role: 'manager', parkId: 'ala-archa' },
    ]);
  });

  test('nobody without an account gets one, and telling a role twice changes nothing', async () => {
    const nobody = { userId: systemIds.next(), role: 'admin', parkId: null } as const;
    expect(await first.grantRole(nobody, meta)).toEqual(refuse({ code: 'user_not_found' }));
    expect(await first.revokeRole(nobody, meta)).toEqual(ok(null));
    const { userId } = await signIn();
    await first.grantRole({ userId, role: 'admin', parkId: null }, meta);
    const [before] = await node.owner.rows(HEAD);
    await second.grantRole({ userId, role: 'admin', parkId: null }, meta);
    expect((await node.owner.rows(HEAD))[0]).toEqual(before);
  });

  test('replaying the log, in one piece or event by event, and rebuilding from it give the same rows', async () => {
    const { userId } = await signIn();
    const role = { userId, role: 'gate', parkId: null } as const;
    for (const change of ['grant', 'revoke', 'grant'] as const) {
      await (change === 'grant' ? first.grantRole(role, meta) : first.revokeRole(role, meta));
      node.clock.advance(1000);
    }
    const snapshot = async () => (await node.owner.rows(SNAPSHOT))[0];
    const before = await snapshot();
    const [head] = await node.owner.rows<{ position: number }>(HEAD);
    const last = head?.position ?? 0;
    await node.owner.rows(REPLAY, [1, last]);
    expect(await snapshot()).toEqual(before);
    for (let position = 1; position <= last; position += 1) await node.owner.rows(REPLAY, [position, position]);
    expect(await snapshot()).toEqual(before);
    const [projection] = authManifest.projections;
    for (const batch of [1, 2, 1000]) {
      expect(projection && (await rebuildProjection(node.owner, projection, { batch }))).toBe(last);
      expect(await snapshot()).toEqual(before);
    }
    await first.grantRole({ ...role, parkId: 'osh' }, meta);
    expect(await snapshot()).not.toEqual(before);
  });
});
