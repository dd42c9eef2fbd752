import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { Principal } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { aloneAt } from './alone.suite.ts';
import type { KeptSegment } from './application/kept-apart.ts';
import { createNodesModule, nodesManifest } from './module.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');

const person = (name: string, role: 'admin' | 'manager' | 'gate', parkId: string | null): [string, Principal] => [
  name,
  { kind: 'user', userId: ids.next(), sessionId: name, roles: [{ role, parkId }], actor: `user:${name}` },
];
const people = new Map([
  person('admin', 'admin', null),
  person('osh', 'manager', 'osh'),
  person('gate', 'gate', 'osh'),
]);

describeWithDatabase('segments that are kept apart', () => {
  const clock = createManualClock(NOON_MS);
  let opened: ModuleDatabase;
  let node: TestNode;
  let server: TestServer;
  const kept: KeptSegment[] = [];
  const settled = new Set<string>();
  let [stillWrong, isWaitedFor]: [string | null, boolean] = [null, false];

  beforeAll(async () => {
    opened = await openModuleDatabase(nodesManifest, clock);
    node = await opened.startNode();
    const nodes = createNodesModule({
      ...aloneAt(node, clock),
      keptSegments: {
        async page({ nodeIds, after, limit }) {
          const open = kept.filter(({ id }) => !settled.has(id));
          const start = after === null ? 0 : open.findIndex(({ id }) => id === after) + 1;
          if (after !== null && start === 0) return null;
          const behind = open.slice(start).filter(({ nodeId }) => nodeIds === null || nodeIds.includes(nodeId));
          return behind.slice(0, limit);
        },
        find: async (segmentId) => kept.find(({ id }) => id === segmentId && !settled.has(id)) ?? null,
      },
      keptApart: {
        take: async () => stillWrong,
        isWaitedFor: async () => isWaitedFor,
        settle: async (segmentId) => void settled.add(segmentId),
      },
    });
    server = await serve(nodes.routes, { verify: async (token) => people.get(token) ?? null }, clock);
    for (const parkId of ['osh', 'bishkek']) {
      const invited = await nodes.inviteNode(
        { nodeId: `park-${parkId}`, parkId, homeFrom: null },
        { actor: 'user:admin', correlationId: 'test' },
      );
      if (!invited.ok) throw new Error(invited.refusal.code);
    }
  });
  afterAll(async () => {
    await server?.close();
    await opened?.close();
  });

  /** A segment of a node that is kept apart now. */
  function keepApart(nodeId: string): string {
    const id = ids.next();
    const incarnation = ids.derive('the next life');
    kept.push({ id, nodeId, incarnation, first: 3, last: 4, types: ['Sold'], why: 'a fault', atMs: NOON_MS });
    return id;
  }
  const settle = (id: string, how: 'release' | 'discard', token = 'osh') =>
    server.ask('POST', `/api/v1/admin/quarantine/${id}/${how}`, { token, body: { reason: 'mended' } });

  test('a segment is released once its cause is mended: once, with who and why on record', async () => {
    const id = keepApart('park-osh');
    stillWrong = 'event 3 is a Sold, which no park writes';
    expect(await settle(id, 'release')).toMatchObject({
      status: 409,
      body: { code: 'kept_segment_not_taken', detail: stillWrong },
    });
    expect(settled.has(id)).toBe(false);
    stillWrong = null;
    expect((await settle(id, 'release')).status).toBe(204);
    expect(settled.has(id)).toBe(true);
    expect((await settle(id, 'release')).status).toBe(204);
    expect(await settle(id, 'discard')).toMatchObject({ status: 409, body: { code: 'kept_segment_settled' } });
    const told = (await node.store.read(0, 1000, ['KeptSegmentSettled'])).filter(({ streamId }) => streamId === id);
    expect(told).toMatchObject([
      { actor: 'user:osh', parkId: 'osh', data: { nodeId: 'park-osh', first: 3, last: 4, how: 'released' } },
    ]);
  });

  test('a release that a crash cut off before it was noted is noted by the next one', async () => {
    const id = keepApart('park-osh');
    expect((await settle(id, 'release')).status).toBe(204);
    settled.delete(id);
    expect((await settle(id, 'release')).status).toBe(204);
    expect(settled.has(id)).toBe(true);
  });

  test('a segment is discarded only where nothing waits for it', async () => {
    const id = keepApart('park-osh');
    isWaitedFor = true;
    expect(await settle(id, 'discard')).toMatchObject({ status: 409, body: { code: 'kept_segment_awaited' } });
    isWaitedFor = false;
    expect((await settle(id, 'discard')).status).toBe(204);
    expect(await settle(id, 'release')).toMatchObject({ status: 409, body: { code: 'kept_segment_settled' } });
  });

  test('managers see what waits at their parks, page by page, and who manages all sees all', async () => {
    kept.splice(0);
    const [first, elsewhere, second, nobodys] = [
      keepApart('park-osh'),
      keepApart('park-bishkek'),
      keepApart('park-osh'),
      keepApart('park-nobody-knows'),
    ];
    const seen = async (token: string, query: string) => {
      const { status, body } = await server.ask('GET', `/api/v1/admin/quarantine${query}`, { token });
      const items = (body['items'] ?? []) as readonly { readonly id: string; readonly park_id: string | null }[];
      return { status, ids: items.map(({ id }) => id), next: body['next_cursor'] };
    };
    expect(await seen('osh', '')).toEqual({ status: 200, ids: [first, second], next: null });
    expect(await seen('admin', '')).toEqual({ status: 200, ids: [first, elsewhere, second, nobodys], next: null });
    const page = await seen('osh', '?limit=1');
    expect(page.ids).toEqual([first]);
    expect(await seen('osh', `?limit=1&cursor=${String(page.next)}`)).toEqual({
      status: 200,
      ids: [second],
      next: null,
    });
    expect((await seen('admin', '?park_id=osh')).ids).toEqual([first, second]);
    expect((await seen('osh', '?park_id=osh')).ids).toEqual([first, second]);
    expect((await seen('osh', '?park_id=bishkek')).ids).toEqual([]);
    expect((await seen('osh', '?cursor=AAAA')).status).toBe(400);
  });

  test('managers decide about segments of their parks only, and need a reason', async () => {
    const [elsewhere, nobodys] = [keepApart('park-bishkek'), keepApart('park-nobody-knows')];
    for (const id of [elsewhere, nobodys, ids.next()]) {
      expect(await settle(id, 'discard')).toMatchObject({ status: 404, body: { code: 'kept_segment_not_found' } });
    }
    for (const id of [elsewhere, nobodys]) expect((await settle(id, 'discard', 'admin')).status).toBe(204);
    const mine = keepApart('park-osh');
    for (const how of ['release', 'discard'] as const) expect((await settle(mine, how, 'gate')).status).toBe(403);
    expect((await server.ask('GET', '/api/v1/admin/quarantine', { token: 'gate' })).status).toBe(403);
    expect((await server.ask('GET', '/api/v1/admin/quarantine')).status).toBe(401);
    const path = `/api/v1/admin/quarantine/${elsewhere}/discard`;
    expect((await server.ask('POST', path, { token: 'admin', body: {} })).status).toBe(400);
  });
});
