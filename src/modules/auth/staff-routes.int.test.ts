import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { ok, refuse } from '../../kernel/result.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import type { AuthModule } from './module.ts';

const ADMIN = { phone: '+996555000001', password: 'seven yaks in the snow' };
const ROLE_EVENTS = statement(
  'test.role-events',
  `select event_type, actor, event_data from store.event
   where event_data ->> 'userId' = $1 and aggregate_type = 'Staff' order by position`,
);

const CHANGES = statement(
  'test.changes-of-roles',
  `select distinct causation_id from store.event where event_data ->> 'userId' = $1 and aggregate_type = 'Staff'`,
);

describeWithDatabase('staff', () => {
  let node: AuthTestNode;
  let modules: readonly [AuthModule, AuthModule];
  let first: TestServer;
  let second: TestServer;
  let lastNumber = 100_000;

  async function registerUnproven() {
    const phone = `+996555${(lastNumber += 1)}`;
    const details = { phone, name: 'Бек', email: null, language: 'ky', password: 'correct horse' } as const;
    const done = await modules[0].register({ ...details, correlationId: 'test' });
    if (!done.ok) throw new Error(done.refusal.code);
    return { userId: done.value.account.userId, phone, token: done.value.tokens.accessToken };
  }
  async function register() {
    const account = await registerUnproven();
    await modules[0].vouchForPhone(account.userId, { actor: 'system', correlationId: 'test' });
    return account;
  }
  const roles = (userId: string): string => `/api/v1/admin/users/${userId}/roles`;
  const set = (token: string, userId: string, wanted: readonly object[], server = first) =>
    server.ask('PUT', roles(userId), { token, body: { roles: wanted } });
  async function admin() {
    const account = await register();
    const meta = { actor: 'system', correlationId: 'test' };
    await modules[0].grantRole({ userId: account.userId, role: 'admin', parkId: null }, meta);
    return account;
  }

  beforeAll(async () => {
    node = await openAuthTestNode();
    modules = [await node.start(), await node.start()];
    first = await serve(modules[0].routes, modules[0].tokens, node.clock);
    second = await serve(modules[1].routes, modules[1].tokens, node.clock);
  });
  afterAll(() => node?.close());

  describe('the first admin', () => {
    test('is nobody on a fresh installation, and made once, however many processes start', async () => {
      expect((await modules[0].login(ADMIN.phone, ADMIN.password)).ok).toBe(false);
      const made = await Promise.all([modules[0].ensureFirstAdmin(ADMIN), modules[1].ensureFirstAdmin(ADMIN)]);
      expect(made.every(({ ok: isOk }) => isOk)).toBe(true);
      const signedIn = await modules[1].login(ADMIN.phone, ADMIN.password);
      if (!signedIn.ok || 'challenge' in signedIn.value) throw new Error('the first admin cannot sign in');
      const own = await first.ask('GET', roles(signedIn.value.account.userId), {
        token: signedIn.value.tokens.accessToken,
      });
      expect(own).toMatchObject({ status: 200, body: { roles: [{ role: 'admin', park_id: null }] } });
      const another = { phone: '+996555000002', password: ADMIN.password };
      expect(await modules[0].ensureFirstAdmin(another)).toEqual(ok(false));
      expect((await modules[0].login(another.phone, another.password)).ok).toBe(false);
    });

    test('is no guest who took that number before, unless the password is theirs', async () => {
      const fresh = await openAuthTestNode();
      try {
        const module = await fresh.start();
        const guest = { ...ADMIN, name: 'Guest', email: null, language: 'ru', password: 'correct horse' } as const;
        await module.register({ ...guest, correlationId: 'test' });
        expect(await module.ensureFirstAdmin(ADMIN)).toEqual(refuse({ code: 'invalid_credentials' }));
        expect(await module.ensureFirstAdmin({ ...ADMIN, password: 'qwerty123' })).toMatchObject({ ok: false });
        expect(await module.ensureFirstAdmin({ ...ADMIN, password: 'correct horse' })).toEqual(ok(true));
      } finally {
        await fresh.close();
      }
    });
  });

  describe('roles', () => {
    test('that are set together are one change, and those of another call another one, whatever the caller names both', async () => {
      const boss = await admin();
      const { userId } = await register();
      const setTo = (wanted: readonly object[]) =>
        first.ask('PUT', roles(userId), {
          token: boss.token,
          body: { roles: wanted },
          headers: { 'x-request-id': 'the same' },
        });
      const changes = async () => (await node.owner.rows<{ causation_id: string | null }>(CHANGES, [userId])).length;
      const both = [
        { role: 'admin', park_id: null },
        { role: 'gate', park_id: 'osh' },
      ];
      expect((await setTo(both)).status).toBe(200);
      expect(await changes()).toBe(1);
      expect((await setTo([])).status).toBe(200);
      expect(await changes()).toBe(2);
    });

    test('are set by an admin, act within seconds on tokens already issued, and are on record with who set them', async () => {
      const boss = await admin();
      const { userId, token } = await register();
      expect((await first.ask('GET', roles(userId), { token })).status).toBe(403);
      const wanted = [
        { role: 'gate', park_id: 'ala-archa' },
        { role: 'manager', park_id: null },
      ];
      expect(await set(boss.token, userId, wanted)).toMatchObject({
        status: 200,
        body: { user_id: userId, roles: wanted },
      });
      node.clock.advance(4_000);
      const now = await modules[1].tokens.verify(token);
      expect(now?.roles).toEqual([
        { role: 'guest', parkId: null },
        { role: 'gate', parkId: 'ala-archa' },
        { role: 'manager', parkId: null },
      ]);
      expect(await set(boss.token, userId, [], second)).toMatchObject({ status: 200, body: { roles: [] } });
      node.clock.advance(4_000);
      expect((await modules[0].tokens.verify(token))?.roles).toEqual([{ role: 'guest', parkId: null }]);
      const events = await node.owner.rows(ROLE_EVENTS, [userId]);
      expect(events.map(({ event_type: type }) => type)).toEqual([
        'RoleGranted',
        'RoleGranted',
        'RoleRevoked',
        'RoleRevoked',
      ]);
      expect(events.every(({ actor }) => actor === `user:${boss.userId}`)).toBe(true);
    });

    test.each([
      ['at a park that does not exist', [{ role: 'gate', park_id: 'nowhere' }], 'roles.0.park_id'],
      ['of an admin of one park', [{ role: 'admin', park_id: 'osh' }], 'roles.0.park_id'],
      ['nobody has heard of', [{ role: 'king', park_id: null }], 'roles.0.role'],
      ['without a park', [{ role: 'gate' }], 'roles.0.park_id'],
      ['with more than is asked', [{ role: 'gate', park_id: null, until: 'x' }], 'roles.0.until'],
    ])('%s are refused', async (_what, wanted, path) => {
      const boss = await admin();
      const { userId } = await register();
      expect(await set(boss.token, userId, wanted)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path }] },
      });
    });

    test('go to no account that never proved its number, which may be of anybody who typed it', async () => {
      const boss = await admin();
      const squatter = await registerUnproven();
      const gate = [{ role: 'gate', park_id: 'ala-archa' }];
      for (const wanted of [gate, [{ role: 'admin', park_id: null }]]) {
        expect(await set(boss.token, squatter.userId, wanted)).toMatchObject({
          status: 409,
          body: { code: 'number_unproven' },
        });
      }
      expect(await node.owner.rows(ROLE_EVENTS, [squatter.userId])).toEqual([]);
      await modules[1].vouchForPhone(squatter.userId, { actor: 'system', correlationId: 'test' });
      expect((await set(boss.token, squatter.userId, gate)).status).toBe(200);
    });

    test('that an account got before it proved its number can be taken from it', async () => {
      const boss = await admin();
      const { userId } = await registerUnproven();
      const meta = { actor: 'system', correlationId: 'test' };
      await modules[0].grantRole({ userId, role: 'gate', parkId: 'osh' }, meta);
      await modules[0].grantRole({ userId, role: 'manager', parkId: 'osh' }, meta);
      expect((await set(boss.token, userId, [{ role: 'gate', park_id: 'osh' }])).status).toBe(200);
      expect((await set(boss.token, userId, [])).status).toBe(200);
    });

    test('go to any account where no code can be sent, since nobody could prove a number there', async () => {
      const module = await node.start({ codeSender: null });
      const server = await serve(module.routes, module.tokens, node.clock);
      const [boss, { userId }] = [await admin(), await registerUnproven()];
      expect((await set(boss.token, userId, [{ role: 'gate', park_id: 'osh' }], server)).status).toBe(200);
      await server.close();
    });

    test('of nobody are not found', async () => {
      const boss = await admin();
      const nobody = systemIds.next();
      const missing = { status: 404, body: { code: 'user_not_found' } };
      expect(await first.ask('GET', roles(nobody), { token: boss.token })).toMatchObject(missing);
      expect(await set(boss.token, nobody, [{ role: 'gate', park_id: null }])).toMatchObject(missing);
    });

    test('of the last two admins who take them from each other at once, one stays', async () => {
      const fresh = await openAuthTestNode();
      try {
        const meta = { actor: 'system', correlationId: 'test' };
        const [one, two] = [await fresh.start(), await fresh.start()];
        const made = await Promise.all(
          ['+996555000011', '+996555000012'].map((phone) =>
            one.register({
              phone,
              password: 'correct horse',
              name: 'A',
              email: null,
              language: 'ru',
              correlationId: 'test',
            }),
          ),
        );
        const ids = made.map((done) => (done.ok ? done.value.account.userId : ''));
        for (let round = 0; round < 5; round += 1) {
          for (const userId of ids) await one.grantRole({ userId, role: 'admin', parkId: null }, meta);
          const [left, right] = await Promise.all([
            one.revokeRole({ userId: ids[0] ?? '', role: 'admin', parkId: null }, meta),
            two.revokeRole({ userId: ids[1] ?? '', role: 'admin', parkId: null }, meta),
          ]);
          expect(left.ok).not.toBe(right.ok);
          expect([left, right]).toContainEqual(refuse({ code: 'last_admin' }));
        }
      } finally {
        await fresh.close();
      }
    });

    test('cannot be taken from the last admin over the route', async () => {
      const fresh = await openAuthTestNode();
      try {
        const module = await fresh.start();
        const server = await serve(module.routes, module.tokens, fresh.clock);
        await module.ensureFirstAdmin(ADMIN);
        const done = await module.login(ADMIN.phone, ADMIN.password);
        if (!done.ok || 'challenge' in done.value) throw new Error('the first admin cannot sign in');
        const { account, tokens } = done.value;
        await module.vouchForPhone(account.userId, { actor: 'system', correlationId: 'test' });
        expect(await set(tokens.accessToken, account.userId, [], server)).toMatchObject({
          status: 409,
          body: { code: 'last_admin' },
        });
        const keeps = [
          { role: 'admin', park_id: null },
          { role: 'gate', park_id: 'osh' },
        ];
        expect((await set(tokens.accessToken, account.userId, keeps, server)).status).toBe(200);
      } finally {
        await fresh.close();
      }
    });
  });
});
