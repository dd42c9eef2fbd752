import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { createForgetGuestFlow } from '../../flows/forget-guest.ts';
import { ok, refuse } from '../../kernel/result.ts';
import {
  expectRebuildEqual,
  openUserTestNode,
  ownerTokens,
  PASSWORD,
  register,
  type UserTestNode,
} from './user.suite.ts';

const meta = { actor: 'system', correlationId: 'test' };
const CLAIMS = statement('test.claims-of', 'select count(*)::integer as count from store.claim where owner = $1');

/** Signs somebody of the staff in under the id of an account, when the token says so; `withheld` has shown no second factor. */
const tokens: TokenVerifier = {
  async verify(token) {
    const [role, userId = ''] = token.includes('.') ? token.split('.') : ['guest', token];
    const principal = await ownerTokens.verify(userId);
    if (role === 'withheld') return principal === null ? null : { ...principal, withheld: 'until_second_factor' };
    return principal === null || (role !== 'manager' && role !== 'gate' && role !== 'guest')
      ? null
      : { ...principal, roles: [{ role, parkId: role === 'guest' ? null : 'ala-archa' }] };
  },
};

describeWithDatabase('what is held about a guest', () => {
  let node: UserTestNode;
  let server: TestServer;
  const me = '/api/v1/users/me';
  const erase = (token: string, password = PASSWORD) => server.ask('DELETE', me, { token, body: { password } });
  const addChild = (token: string, name = 'Темирлан') =>
    server.ask('POST', `${me}/children`, { token, body: { name, birth_date: '2019-07-19' } });

  beforeAll(async () => {
    node = await openUserTestNode();
    server = await serve(node.first.module.routes, tokens, node.clock);
  });
  afterAll(async () => {
    await server?.close();
    await node?.close();
  });

  describe('erasing', () => {
    test('leaves nothing to read, frees the number, and ends the account for good', async () => {
      const token = await register(node, '+996700111222');
      await addChild(token);
      expect((await erase(token)).status).toBe(204);
      expect((await server.ask('GET', me, { token })).status).toBe(404);
      expect((await server.ask('GET', `${me}/children`, { token })).body['items']).toEqual([]);
      expect((await server.ask('GET', `${me}/export`, { token })).status).toBe(404);
      expect((await addChild(token)).status).toBe(404);
      expect((await erase(token)).status).toBe(404);
      expect(await node.owner.rows(CLAIMS, [token])).toEqual([{ count: 0 }]);
      const next = await register(node, '+996700111222');
      expect(await node.first.module.userIdByPhone('0700 111 222')).toEqual(ok(next));
      expect((await server.ask('GET', me, { token: next })).status).toBe(200);
    });

    test('leaves no sealed text in a read model either, though its key is gone', async () => {
      const token = await register(node);
      await addChild(token);
      expect(JSON.stringify(await node.rows())).toContain(`p1.${token}`);
      await erase(token);
      const rows = JSON.stringify(await node.rows());
      expect(rows).not.toContain(`p1.${token}`);
      await expectRebuildEqual(node);
      expect(JSON.stringify(await node.rows())).toEqual(rows);
    });

    test('needs the password', async () => {
      const token = await register(node);
      for (const password of ['wrong', ' ', PASSWORD.toUpperCase()]) {
        expect(await erase(token, password)).toMatchObject({ status: 400, body: { errors: [{ path: 'password' }] } });
      }
      expect((await server.ask('DELETE', me, { token })).status).toBe(400);
      expect((await server.ask('GET', me, { token })).status).toBe(200);
    });

    test('is refused while there are tickets to use or payments under way, and says which', async () => {
      const token = await register(node);
      const unfinished = { ticketIds: ['t1', 't2'], paymentIds: ['p1'] };
      node.world.unfinished.set(token, unfinished);
      expect(await erase(token)).toMatchObject({
        status: 409,
        body: { code: 'account_in_use', tickets: ['t1', 't2'], payments: ['p1'] },
      });
      expect((await server.ask('GET', me, { token })).status).toBe(200);
      node.world.unfinished.delete(token);
      expect((await erase(token)).status).toBe(204);
    });

    test('an account with duties is refused until they were taken away', async () => {
      const id = await register(node);
      for (const token of [`gate.${id}`, `withheld.${id}`]) {
        expect(await erase(token)).toMatchObject({ status: 409, body: { code: 'staff_account' } });
      }
      expect((await erase(id)).status).toBe(204);
    });

    test('asked for many times at once happens once', async () => {
      const token = await register(node);
      const answers = await Promise.all(Array.from({ length: 8 }, () => erase(token)));
      for (const { status } of answers) expect([204, 404]).toContain(status);
      const { events } = await node.first.store.load(token);
      expect(events.filter(({ type }) => type === 'UserErased')).toHaveLength(1);
    });

    test('that a crash interrupted is finished by the flow, however often it hears of it', async () => {
      const token = await register(node);
      await addChild(token);
      await node.files.put(`children/${token}/forgotten`, Buffer.from('sealed'));
      node.world.isDown = true;
      expect((await erase(token)).status).toBe(204);
      node.world.isDown = false;
      expect(node.world.errors).toHaveLength(1);
      const [registered] = (await node.first.store.load(token)).events;
      const name = registered?.data['name'];
      const sealed = typeof name === 'string' ? name : '';
      expect(await node.first.vault.open(sealed)).not.toBeNull();
      const flow = createForgetGuestFlow({
        finishErasure: node.first.module.finishErasure,
        deleteFile: (key) => node.files.delete(key),
      });
      const heard = await node.first.store.read(0, 10_000, flow.eventTypes);
      for (const event of [...heard, ...heard]) await flow.handle(await node.first.codec.decode(event));
      expect(await node.first.vault.open(sealed)).toBeNull();
      expect(await node.files.get(`children/${token}/forgotten`)).toBeNull();
    });
  });

  describe('a number that nobody proved', () => {
    test('is given up by an account without tickets, for whoever proves it', async () => {
      const userId = await register(node, '+996700333444');
      expect(await node.first.module.yieldNumber(userId, meta)).toEqual(ok(null));
      expect(await node.first.module.userIdByPhone('+996700333444')).toEqual(ok(null));
      expect(await node.first.module.profile(userId)).toBeNull();
    });

    test('is kept once it was proven or a ticket was bought', async () => {
      const [proven, buyer] = [await register(node), await register(node)];
      await node.first.verifyPhone(proven);
      await node.first.verifyPhone(proven);
      expect((await node.first.module.profile(proven))?.phoneVerified).toBe(true);
      node.world.tickets.set(buyer, 1);
      expect(await node.first.module.yieldNumber(proven, meta)).toEqual(refuse({ code: 'phone_verified' }));
      expect(await node.first.module.yieldNumber(buyer, meta)).toEqual(refuse({ code: 'has_tickets' }));
      expect((await node.first.module.profile(buyer))?.phoneVerified).toBe(false);
    });
  });

  describe('consents', () => {
    const choose = (token: string, ...consents: readonly object[]) =>
      server.ask('PUT', `${me}/consents`, { token, body: { consents } });
    const marketing = { document: 'marketing', version: '2026-11', given: true };

    test('are those of registering at first, and then what the guest says, each with its version and time', async () => {
      const token = await register(node);
      const privacy = { document: 'privacy', given_version: '2026-11', changed_at: '2026-11-24T06:30:00.000Z' };
      const none = { document: 'marketing', required: false, given_version: null, changed_at: null };
      expect((await server.ask('GET', `${me}/consents`, { token })).body).toMatchObject({ consents: [privacy, none] });
      const given = await choose(token, marketing);
      expect(given).toMatchObject({ status: 200, body: { consents: [privacy, { given_version: '2026-11' }] } });
      await choose(token, marketing);
      const withdrawn = await choose(token, { ...marketing, given: false });
      expect(withdrawn.body).toMatchObject({ consents: [privacy, { given_version: null }] });
      const { events } = await node.first.store.load(token);
      expect(events.map(({ type }) => type)).toEqual(['UserRegistered', 'ConsentsChanged', 'ConsentsChanged']);
    });

    test.each([
      ['a document of nobody', { ...marketing, document: 'x' }, 'consents.0.document'],
      ['a version that is not shown', { ...marketing, version: '2020-01' }, 'consents.0.version'],
      ['a word for yes', { ...marketing, given: 'yes' }, 'consents.0.given'],
    ])('%s is 400', async (_what, choice, path) => {
      const token = await register(node);
      expect(await choose(token, choice)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
    });

    test('a document twice is 400, and what an account cannot be without is 409', async () => {
      const token = await register(node);
      expect((await choose(token, marketing, { ...marketing, given: false })).status).toBe(400);
      const refused = await choose(token, { document: 'privacy', version: '2026-11', given: false });
      expect(refused).toMatchObject({ status: 409, body: { code: 'consent_required' } });
    });
  });

  describe('the export', () => {
    test('holds everything, for its owner alone', async () => {
      const [token, stranger] = [await register(node), await register(node)];
      const child = await addChild(token);
      const { status, headers, body } = await server.ask('GET', `${me}/export`, { token });
      expect(status).toBe(200);
      expect(headers['content-disposition']).toContain('attachment');
      expect(body).toMatchObject({
        profile: { id: token, name: 'Айгүл' },
        children: [{ ...child.body, photo_url: null }],
        consents: [{ document: 'privacy' }, { document: 'marketing' }],
        elsewhere: { tickets: [{ owner: token }] },
      });
      const theirs = await server.ask('GET', `${me}/export`, { token: stranger });
      expect(JSON.stringify(theirs.body)).not.toContain(token);
      expect((await server.ask('GET', `${me}/export`)).status).toBe(401);
    });
  });

  describe('staff', () => {
    const look = (token: string, phone: string) =>
      server.ask('GET', `/api/v1/admin/guests?phone=${encodeURIComponent(phone)}`, { token });

    test('find a guest by the exact phone in any spelling, and each look is on record without the phone', async () => {
      const [guest, manager] = [await register(node, '+996700555666'), await register(node)];
      node.world.tickets.set(guest, 3);
      const found = { id: guest, name: 'Айгүл', phone_verified: false, tickets: 3 };
      for (const phone of ['+996700555666', '0700 55-56-66', '٠٧٠٠٥٥٥٦٦٦']) {
        expect((await look(`manager.${manager}`, phone)).body).toEqual({ items: [found] });
      }
      expect((await look(`manager.${manager}`, '0700555667')).body).toEqual({ items: [] });
      const records = await node.first.store.read(0, 10_000, ['GuestLookedUp']);
      expect(records.map(({ data, actor }) => [data, actor])).toEqual([
        ...Array(3).fill([{ staffId: manager, guestId: guest }, `user:${manager}`]),
        [{ staffId: manager, guestId: null }, `user:${manager}`],
      ]);
      expect(JSON.stringify(records)).not.toContain('700555');
    });

    test('get no list, and guests and gates get nobody', async () => {
      const someone = await register(node);
      expect((await server.ask('GET', '/api/v1/admin/guests', { token: `manager.${someone}` })).status).toBe(400);
      for (const phone of ['0700', '0555 FLOWER', '0900123456', '5'.repeat(16), '%', "' or 1=1 --"]) {
        expect((await look(`manager.${someone}`, phone)).status).toBe(400);
      }
      for (const token of [someone, `gate.${someone}`]) expect((await look(token, '0700555666')).status).toBe(403);
    });
  });

  test('read models hold the same rows after any replay and after a rebuild in ranges', async () => {
    await expectRebuildEqual(node);
  });
});
