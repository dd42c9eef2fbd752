import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { Principal } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { aloneAt } from './alone.suite.ts';
import type { LogPlace } from './contract.ts';
import { createNodesModule, nodesManifest, type NodesModule } from './module.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const META = { actor: 'user:boss', correlationId: 'test' };

const person = (name: string, role: 'admin' | 'manager', parkId: string | null): [string, Principal] => [
  name,
  { kind: 'user', userId: ids.next(), sessionId: name, roles: [{ role, parkId }], actor: `user:${name}` },
];
const people = new Map([person('admin', 'admin', null), person('osh', 'manager', 'osh')]);

describeWithDatabase('nodes of parks', () => {
  const clock = createManualClock(NOON_MS);
  let opened: ModuleDatabase;
  let node: TestNode;
  let nodes: NodesModule;
  let server: TestServer;
  const admitted = new Set<string>();
  const accepted: LogPlace[] = [];
  const closed: string[] = [];
  const inherited: string[] = [];
  let ownLife: { readonly incarnation: string; readonly reason: string | null } = {
    incarnation: ids.next(),
    reason: null,
  };

  beforeAll(async () => {
    opened = await openModuleDatabase(nodesManifest, clock);
    node = await opened.startNode();
    nodes = createNodesModule({
      ...aloneAt(node, clock),
      gateKeys: [{ keyId: '0a0a0a0a', x: 'of-hq' }],
      hashSecret: (secret) => createHash('sha256').update(secret).digest('hex'),
      parkExists: async (parkId) => ['osh', 'bishkek', 'naryn', 'talas'].includes(parkId),
      hasAdmitted: async (parkId, date) => admitted.has(`${parkId} ${date}`),
      acceptedOf: async () => accepted,
      inheritGates: async (parkId, ofNode) => {
        inherited.push(`${parkId} of ${ofNode}`);
        return [];
      },
      closeLives: async (nodeId, places) => void closed.push(...places.map(({ seq }) => `${nodeId} ${seq}`)),
      ownLife: async () => ownLife,
      quarantineUses: async () => [{ nodeId: 'park-osh', segments: 2, isFull: false }],
    });
    server = await serve(nodes.routes, { verify: async (token) => people.get(token) ?? null }, clock);
  });
  beforeEach(() => {
    clock.set(NOON_MS);
    accepted.length = 0;
    closed.length = 0;
  });
  afterAll(async () => {
    await server.close();
    await opened.close();
  });

  const invite = async (parkId: string, more: object = {}) => {
    const body = { name: `park-${parkId}`, park_id: parkId, ...more };
    return server.ask('POST', '/api/v1/admin/nodes', { token: 'admin', body });
  };
  const enrol = (parkId: string, code: unknown, change: object = {}) =>
    nodes.enrolNode(
      {
        code: String(code),
        nodeId: `park-${parkId}`,
        parkId,
        key: { keyId: 'aaaaaaaa', publicKey: 'node-key' },
        admissionKeys: [{ keyId: 'bbbbbbbb', x: 'of-park' }],
        incarnation: ids.derive(`life of ${parkId}`),
        ...change,
      },
      'test',
    );

  test('no code begins with a dash, which a command line takes for an option', async () => {
    const drawn = ['-of-an-option', '-so-is-this', 'good-one'];
    const beside = createNodesModule({
      ...aloneAt(node, clock),
      ids: { ...ids, secret: () => drawn.shift() ?? '' },
    });
    const invited = await beside.inviteNode({ nodeId: 'park-dash', parkId: 'dash', homeFrom: null }, META);
    expect(invited).toMatchObject({ ok: true, value: { code: 'good-one' } });
  });

  test('an invited node is enrolled with its keys, and its park is its own home from tomorrow on', async () => {
    const { status, body } = await invite('osh');
    expect(status).toBe(201);
    expect(await enrol('osh', body['code'])).toEqual({ ok: true, value: null });
    expect(await nodes.homeOf('osh', '2026-12-05')).toBe('hq');
    expect(await nodes.homeOf('osh', '2026-12-06')).toBe('park-osh');
    expect(await nodes.publishedKeys()).toEqual([
      { keyId: '0a0a0a0a', x: 'of-hq', nodeId: 'hq', parkId: null },
      { keyId: 'bbbbbbbb', x: 'of-park', nodeId: 'park-osh', parkId: 'osh' },
    ]);
    // The answer was lost, and the node asks again.
    const head = await node.store.headPosition();
    expect(await enrol('osh', body['code'])).toEqual({ ok: true, value: null });
    expect(await node.store.headPosition()).toBe(head);
  });

  test('a code is good for its name and its park only, and for an hour', async () => {
    const { body } = await invite('bishkek');
    const wrong = { ok: false, refusal: { code: 'code_invalid' } };
    expect(await enrol('bishkek', 'guessed')).toEqual(wrong);
    expect(await enrol('bishkek', body['code'], { parkId: 'osh' })).toEqual(wrong);
    expect(await enrol('bishkek', body['code'], { nodeId: 'park-else' })).toEqual(wrong);
    clock.advance(3_600_000);
    expect(await enrol('bishkek', body['code'])).toEqual(wrong);
  });

  test('a park is its own home today only while nobody was let in', async () => {
    const early = await invite('naryn', { home_from: '2026-12-05' });
    await enrol('naryn', early.body['code']);
    expect(await nodes.homeOf('naryn', '2026-12-05')).toBe('park-naryn');
    admitted.add('talas 2026-12-05');
    const late = await invite('talas', { home_from: '2026-12-05' });
    await enrol('talas', late.body['code']);
    expect(await nodes.homeOf('talas', '2026-12-05')).toBe('hq');
    expect(await nodes.homeOf('talas', '2026-12-06')).toBe('park-talas');
  });

  test('a park has one node, a node one park', async () => {
    expect(await invite('osh', { name: 'park-osh-2' })).toMatchObject({ status: 409, body: { code: 'park_has_node' } });
    expect(await invite('bishkek', { name: 'park-osh' })).toMatchObject({ body: { code: 'node_name_taken' } });
    expect(await invite('bishkek', { name: 'hq' })).toMatchObject({ body: { code: 'node_name_taken' } });
    expect(await invite('nowhere')).toMatchObject({ status: 404, body: { code: 'park_not_found' } });
  });

  test('a revoked node is cut where headquarters has it, which is home of all its days from then on', async () => {
    const { incarnations } = (await nodes.find('park-naryn')) ?? { incarnations: [] };
    const [life] = incarnations;
    accepted.push({ incarnation: life?.incarnation ?? '', seq: 12, link: 'twelve' });
    admitted.add('naryn 2026-12-05');
    const ownersOfKeys = async () => (await nodes.publishedKeys()).map(({ nodeId }) => nodeId);
    expect(await ownersOfKeys()).toContain('park-naryn');
    const answer = await server.ask('POST', '/api/v1/admin/nodes/park-naryn/revoke', { token: 'admin' });
    expect(answer.status).toBe(204);
    expect(closed).toEqual(['park-naryn 12']);
    // Whoever has the machine could sign codes.
    expect(await ownersOfKeys()).not.toContain('park-naryn');
    expect(await nodes.find('park-naryn')).toMatchObject({
      status: 'revoked',
      incarnations: [{ closed: { seq: 12, link: 'twelve', why: 'revoked' } }],
    });
    // People are inside by its word, and by no later one.
    expect(inherited).toEqual(['naryn of park-naryn']);
    expect(await nodes.homeOf('naryn', '2026-12-05')).toBe('hq');
    expect(await nodes.homeOf('naryn', '2026-12-06')).toBe('hq');
    expect(await nodes.writers()).toEqual(['hq', 'park-naryn']);
    expect(await invite('naryn')).toMatchObject({ status: 409, body: { code: 'node_revoked' } });
    expect((await invite('naryn', { name: 'park-naryn-2' })).status).toBe(201);
  });

  test('a life of a revoked node of which nothing came ends before its beginning', async () => {
    await invite('bishkek');
    const { body } = await invite('bishkek');
    await enrol('bishkek', body['code']);
    expect((await nodes.keepNodes.revoke('park-bishkek', META)).ok).toBe(true);
    expect(closed).toEqual(['park-bishkek 0']);
  });

  test('a new life stands in place of the one before, once', async () => {
    const found = await nodes.find('park-osh');
    const previous = { incarnation: found?.incarnations[0]?.incarnation ?? '', seq: 4, link: 'four' };
    const next = ids.derive('the next life');
    expect(await nodes.keepNodes.succeed('park-osh', previous, next)).toEqual({ ok: true, value: null });
    expect(await nodes.keepNodes.succeed('park-osh', previous, ids.derive('a copy'))).toMatchObject({
      refusal: { code: 'succeeded_already' },
    });
    expect((await nodes.find('park-osh'))?.incarnations).toMatchObject([
      { closed: { seq: 4, why: 'succeeded' }, successor: next },
      { incarnation: next, closed: null },
    ]);
  });

  test('an old key is good for what it had sealed, once the new one has retired it', async () => {
    const [old, key] = [
      { keyId: 'aaaaaaaa', publicKey: 'node-key' },
      { keyId: 'cccccccc', publicKey: 'new-key' },
    ];
    clock.advance(1);
    const { keepNodes } = nodes;
    expect(await keepNodes.certifyKey('park-osh', { oldKeyId: old.keyId, key })).toEqual({ ok: true, value: null });
    expect((await nodes.find('park-osh'))?.keys).toEqual([
      { ...key, until: null },
      { ...old, until: null },
    ]);
    const listed = await server.ask('GET', '/api/v1/admin/nodes', { token: 'osh' });
    expect(listed.body['items']).toMatchObject([{ key_id: key.keyId, old_key_id: old.keyId }]);
    const oldUntil = { incarnation: ids.derive('the next life'), seq: 9 };
    const retired = await keepNodes.retireKey('park-osh', { oldKeyId: old.keyId, keyId: key.keyId, oldUntil });
    expect(retired).toEqual({ ok: true, value: null });
    expect((await nodes.find('park-osh'))?.keys).toEqual([
      { ...key, until: null },
      { ...old, until: oldUntil },
    ]);
  });

  test('managers see the nodes of their parks and what was heard of them; staff of others do not invite', async () => {
    await nodes.contacts.note({
      nodeId: 'park-osh',
      atMs: NOON_MS,
      verdict: 'ok',
      trouble: null,
      appVersion: '0.1.0',
      protocol: 2,
      knowsSameTypes: false,
      incarnation: ids.derive('the next life'),
      headSeq: 20,
      acceptedSeq: 15,
      feedLag: 3,
      clockOffsetMs: -40,
      parked: [{ subscription: 'flow.purchase', events: 2, sinceMs: NOON_MS - 5000 }],
    });
    const [life, incarnation] = [ids.derive('the next life'), ids.derive('its copy')];
    const beside = { nodeId: 'park-osh', life, process: ids.next(), incarnation, atMs: NOON_MS };
    await nodes.voices.note({ ...beside, verdict: 'fork', trouble: 'a copy' });
    const { status, body } = await server.ask('GET', '/api/v1/admin/nodes', { token: 'osh' });
    expect(status).toBe(200);
    expect(body['items']).toMatchObject([
      {
        id: 'park-osh',
        key_id: 'cccccccc',
        old_key_id: null,
        home_from: '2026-12-06',
        quarantined: 2,
        copies: [{ at: '2026-12-05T06:00:00.000Z', verdict: 'fork', trouble: 'a copy', incarnation }],
        contact: {
          backlog: 5,
          feed_lag: 3,
          parked: [{ subscription: 'flow.purchase', events: 2, since: '2026-12-05T05:59:55.000Z' }],
        },
      },
    ]);
    const mine = { token: 'osh', body: { name: 'park-osh-3', park_id: 'osh' } };
    expect((await server.ask('POST', '/api/v1/admin/nodes', mine)).status).toBe(403);
  });

  test('headquarters that was set back is fenced until somebody says that it may sell again, once', async () => {
    const { contacts, sellingFence: fence } = nodes;
    expect(await fence.isUp()).toBe(false);
    expect(await fence.lift(META)).toEqual({ ok: false, refusal: { code: 'not_set_back' } });
    ownLife = { incarnation: ids.next(), reason: 'restored' };
    clock.advance(1_000);
    // Also before the new life has told of itself.
    expect(await fence.isUp()).toBe(true);
    const previous = { incarnation: ids.derive('the first life'), seq: 12, link: 'l' };
    const told = { nodeId: 'hq', incarnation: ownLife.incarnation, reason: 'restored', previous } as const;
    await nodes.openLife(told, [], META);
    await nodes.openLife(told, [], META);
    await contacts.doubt('nobody knows');
    expect((await contacts.all()).map(({ verdict, trouble }) => [verdict, trouble])).toEqual([
      ['unknown', 'nobody knows'],
    ]);
    expect(await fence.isUp()).toBe(true);
    expect(await fence.lift(META)).toEqual({ ok: true, value: null });
    expect(await fence.isUp()).toBe(false);
    expect(await fence.lift(META)).toMatchObject({ ok: false });
    const stored = await node.store.read(0, 1_000, ['IncarnationOpened', 'SellingResumed']);
    expect(stored.map(({ type, actor }) => [type, actor])).toEqual([
      ['IncarnationOpened', META.actor],
      ['SellingResumed', META.actor],
    ]);
    // Set back once more, it is fenced once more.
    ownLife = { incarnation: ids.next(), reason: 'restored' };
    clock.advance(1_000);
    expect(await fence.isUp()).toBe(true);
  });

  test('the park keeps the key of its headquarters', async () => {
    expect(await nodes.enrolment.find()).toBeNull();
    const headquarters = { nodeId: 'hq', keyId: 'dddddddd', publicKey: 'x', certificate: '{}' };
    await nodes.enrolment.keep(headquarters);
    expect(await nodes.enrolment.find()).toEqual(headquarters);
  });

  test('the read models are a fold of the log', async () => {
    await nodes.inviteNode({ nodeId: 'park-osh', parkId: 'osh', homeFrom: null }, META);
    const before = await opened.rows();
    await opened.replay(1, await node.store.headPosition());
    await opened.rebuild(3);
    expect(await opened.rows()).toEqual(before);
  });
});
