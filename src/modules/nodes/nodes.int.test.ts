import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { Principal } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import type { Contact, LogPlace } from './contract.ts';
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

  beforeAll(async () => {
    opened = await openModuleDatabase(nodesManifest, clock);
    node = await opened.startNode();
    nodes = createNodesModule({
      ...node,
      ids,
      clock,
      zone: createZone(),
      nodeId: 'hq',
      role: 'hq',
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
      heldInCommon: async () => [],
      keptSegments: async () => [],
      quarantinedCounts: async () => new Map([['park-osh', 2]]),
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

  test('an old key is good for what it had sealed', async () => {
    const change = {
      oldKeyId: 'aaaaaaaa',
      key: { keyId: 'cccccccc', publicKey: 'new-key' },
      oldUntil: { incarnation: ids.derive('the next life'), seq: 9 },
    };
    expect(await nodes.keepNodes.rotateKey('park-osh', change)).toEqual({ ok: true, value: null });
    expect((await nodes.find('park-osh'))?.keys).toEqual([
      { ...change.key, until: null },
      { keyId: 'aaaaaaaa', publicKey: 'node-key', until: change.oldUntil },
    ]);
  });

  const CONTACT: Contact = {
    nodeId: 'park-osh',
    atMs: NOON_MS,
    verdict: 'ok',
    trouble: null,
    appVersion: '0.1.0',
    protocol: 1,
    incarnation: ids.derive('the next life'),
    process: ids.derive('the machine'),
    follows: ids.derive('the next life'),
    headSeq: 20,
    acceptedSeq: 15,
    feedLag: 3,
    clockOffsetMs: -40,
  };

  test('managers see the nodes of their parks and what was heard of them; staff of others do not invite', async () => {
    await nodes.contacts.note(CONTACT);
    const { status, body } = await server.ask('GET', '/api/v1/admin/nodes', { token: 'osh' });
    expect(status).toBe(200);
    expect(body['items']).toMatchObject([
      {
        id: 'park-osh',
        key_id: 'cccccccc',
        home_from: '2026-12-06',
        quarantined: 2,
        contact: { backlog: 5, feed_lag: 3 },
      },
    ]);
    const mine = { token: 'osh', body: { name: 'park-osh-3', park_id: 'osh' } };
    expect((await server.ask('POST', '/api/v1/admin/nodes', mine)).status).toBe(403);
  });

  test('a copy of a node says nothing in its place', async () => {
    const [process, incarnation] = [ids.derive('the copy'), ids.derive('the life of the copy')];
    const copy = { ...CONTACT, process, incarnation, atMs: NOON_MS + 1000, verdict: 'slow_down', headSeq: 3 };
    await nodes.contacts.note(copy);
    const line = (await nodes.listNodes()).find(({ node: { nodeId } }) => nodeId === 'park-osh');
    expect(line).toMatchObject({ contact: { process: CONTACT.process, headSeq: 20 }, copies: [] });
    const voicesOf = async (life: string) =>
      new Map((await nodes.contacts.voices('park-osh', life)).map((voice) => [voice.process, voice]));
    await nodes.contacts.markCopies('park-osh', CONTACT.follows, [process]);
    await nodes.contacts.note({ ...copy, atMs: NOON_MS + 32_000, verdict: 'fork', trouble: 'a copy' });
    expect((await voicesOf(CONTACT.follows)).get(CONTACT.process)).toMatchObject({ isCopy: false, atMs: NOON_MS });
    expect((await voicesOf(CONTACT.follows)).get(process)).toEqual({
      process,
      incarnation,
      firstAtMs: NOON_MS + 1000,
      atMs: NOON_MS + 32_000,
      isCopy: true,
    });
    const { body } = await server.ask('GET', '/api/v1/admin/nodes', { token: 'osh' });
    expect(body['items']).toMatchObject([
      { contact: { head: 20 }, copies: [{ verdict: 'fork', trouble: 'a copy', incarnation }] },
    ]);
    // Enrolled again it goes on from a life of its own.
    await nodes.contacts.note({ ...copy, follows: incarnation });
    expect((await voicesOf(incarnation)).get(process)?.isCopy).toBe(false);
    expect((await voicesOf(CONTACT.follows)).has(process)).toBe(false);
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
