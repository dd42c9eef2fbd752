import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemorySubjectKeys } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import type { Principal, RoleAtPark } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { createCommandRunner } from '../../kernel/command-runner.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import type { JsonObject } from '../../kernel/event-store.ts';
import { createOfficeModule, officeManifest } from './module.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const BASE = '/api/v1/admin';

const person = (name: string, roles: readonly RoleAtPark[]): Principal => ({
  kind: 'user',
  userId: ids.next(),
  sessionId: name,
  roles,
  actor: `user:${name}`,
});
const people: Readonly<Record<string, Principal>> = {
  admin: person('admin', [{ role: 'admin', parkId: null }]),
  manager: person('manager', [{ role: 'manager', parkId: 'ala-archa' }]),
  guest: person('guest', [{ role: 'guest', parkId: null }]),
};

const PARK_EVENT = statement(
  'test.park-event',
  `with declared as (insert into store.subscription (name) values ('flow.purchase') returning name)
   insert into store.parked_event (subscription, position, aggregate_id, error, attempts)
   select name, $1, $2, 'no luck', 3 from declared`,
);

describeWithDatabase('looking into the log', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let server: TestServer;

  beforeAll(async () => {
    opened = await openModuleDatabase(officeManifest, clock);
    node = await opened.startNode();
    const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
    const codec = createEventCodec(officeManifest.events, vault);
    const runner = createCommandRunner({ store: node.store, codec, ids, clock });
    const outsideWorld = {
      faultOf: async () => null,
      post: async () => ({ kind: 'answered', status: 204 }) as const,
    };
    const { routes } = createOfficeModule({ ...node, runner, vault, ids, clock, outsideWorld, hmacSha256: () => '' });
    server = await serve(routes, { verify: async (token) => people[token] ?? null }, clock);
  });
  afterAll(async () => {
    await server.close();
    await opened.close();
  });

  async function happened(
    type: string,
    data: JsonObject,
    more: { actor?: string; streamId?: string; parkId?: string; correlationId?: string; causationId?: string },
  ) {
    const { actor = 'user:admin', streamId = ids.next(), correlationId = 'c', parkId, causationId } = more;
    await node.store.append({
      streams: [
        {
          streamId,
          aggregateType: 'Thing',
          expected: 'any',
          events: [{ id: ids.next(), type, schemaVersion: 1, data }],
        },
      ],
      context: {
        actor,
        correlationId,
        occurredAtMs: clock.now(),
        ...(parkId === undefined ? {} : { parkId }),
        ...(causationId === undefined ? {} : { causationId }),
      },
    });
    return streamId;
  }

  const get = (path: string, token = 'admin') => server.ask('GET', `${BASE}${path}`, { token });
  const actions = ({ body }: { readonly body: Record<string, unknown> }) =>
    (body['items'] as { action: string; park_id: string | null }[]).map(
      ({ action, park_id: park }) => `${action}@${park}`,
    );

  test('the events of a thing are told in order, a page at a time, and what is sealed is not shown', async () => {
    const streamId = ids.next();
    for (const name of ['a', 'b', 'c']) {
      await happened(
        'SomethingHappened',
        { name, phone: `p1.${ids.next()}.abc`, list: [`p1.${ids.next()}.x`] },
        { streamId },
      );
    }
    const first = await get(`/events?aggregate_id=${streamId}&limit=2`);
    expect(first.body['items']).toMatchObject([
      { event_version: 1, event_data: { name: 'a', phone: '[sealed]', list: ['[sealed]'] } },
      { event_version: 2, event_data: { name: 'b' } },
    ]);
    const next = await get(`/events?aggregate_id=${streamId}&limit=2&cursor=${String(first.body['next_cursor'])}`);
    expect(next.body).toMatchObject({ items: [{ event_version: 3 }], next_cursor: null });
    expect(JSON.stringify([first.body, next.body])).not.toContain('p1.');
    expect((await get(`/events?aggregate_id=${ids.next()}`)).body).toEqual({ items: [], next_cursor: null });
  });

  test('only administrators look into the log', async () => {
    expect((await get(`/events?aggregate_id=${ids.next()}`, 'manager')).status).toBe(403);
    expect((await get('/parked-events', 'manager')).status).toBe(403);
    expect((await get('/audit', 'guest')).status).toBe(403);
  });

  test('the audit trail tells what staff did, also to themselves, and not what guests or the program did', async () => {
    await happened('RoleGranted', { userId: 'admin', role: 'gate', parkId: 'ala-archa' }, {});
    await happened('RoleRevoked', { userId: 'x', role: 'gate', parkId: 'asanbay' }, { actor: 'system' });
    await happened('ParkOpened', { parkId: 'asanbay' }, { actor: 'user:other' });
    await happened('SomethingHappened', {}, {});
    expect(actions(await get('/audit'))).toEqual(['ParkOpened@asanbay', 'RoleGranted@ala-archa']);
    expect(actions(await get('/audit?action=RoleGranted'))).toEqual(['RoleGranted@ala-archa']);
    expect(actions(await get('/audit?from=2026-12-06T00:00:00Z'))).toEqual([]);
    const page = await get('/audit?limit=1');
    expect(actions(await get(`/audit?limit=1&cursor=${String(page.body['next_cursor'])}`))).toEqual([
      'RoleGranted@ala-archa',
    ]);
  });

  test('the audit trail tells what was done at the command line, and not what the program did because of it', async () => {
    const operator = { actor: 'system', parkId: 'naryn', correlationId: `cli-${ids.next()}` };
    await happened('SecondFactorReset', { userId: 'x' }, operator);
    await happened('RoleRevoked', { userId: 'x', role: 'gate' }, { ...operator, causationId: ids.next() });
    expect(actions(await get('/audit?actor=system'))).toEqual(['SecondFactorReset@naryn']);
    expect(actions(await get('/audit?park_id=naryn'))).toEqual(['SecondFactorReset@naryn']);
    expect((await get('/audit?actor=systems')).status).toBe(400);
  });

  test('the audit trail tells when somebody else ended sessions or an account, and let headquarters sell again', async () => {
    const operator = { actor: 'system', parkId: 'talas', correlationId: `cli-${ids.next()}` };
    for (const type of ['SessionsEnded', 'UserErased']) {
      await happened(type, { userId: 'x' }, operator);
      await happened(type, { userId: 'x' }, { ...operator, actor: 'user:x' });
    }
    await happened('SellingResumed', { nodeId: 'hq' }, operator);
    expect(actions(await get('/audit?park_id=talas'))).toEqual([
      'SellingResumed@talas',
      'UserErased@talas',
      'SessionsEnded@talas',
    ]);
  });

  test('a manager sees what was done to the own park, and has to name it', async () => {
    expect((await get('/audit', 'manager')).status).toBe(403);
    expect((await get('/audit?park_id=asanbay', 'manager')).status).toBe(403);
    expect(actions(await get('/audit?park_id=ala-archa', 'manager'))).toEqual(['RoleGranted@ala-archa']);
  });

  test('what a gate did that was cut off is in the audit trail, people in excess and a limit that was exceeded', async () => {
    const device = { actor: `device:${ids.next()}`, parkId: 'osh' };
    await happened('PeopleAdmitted', { people: 2 }, device);
    await happened('PeopleAdmittedInExcess', { people: 2 }, device);
    await happened('EntryLimitExceeded', { people: 2 }, device);
    expect(actions(await get(`/audit?actor=${device.actor}`))).toEqual([
      'EntryLimitExceeded@osh',
      'PeopleAdmittedInExcess@osh',
    ]);
  });

  test('a parked event is listed, settled with a reason, and the decision is in the audit trail', async () => {
    const streamId = await happened('SomethingHappened', {}, {});
    const [stored] = (await node.store.load(streamId)).events;
    await node.database.rows(PARK_EVENT, [stored?.position ?? 0, streamId]);
    const id = `flow.purchase:${stored?.position}`;
    expect((await get('/parked-events')).body).toMatchObject({ items: [{ id, attempts: 3, error: 'no luck' }] });
    const settle = (parked: string) =>
      server.ask('POST', `${BASE}/parked-events/${parked}/resolve`, {
        token: 'admin',
        body: { how: 'skip', reason: 'Aida asked for it' },
      });
    expect((await settle(id)).status).toBe(202);
    expect((await get('/parked-events')).body).toEqual({ items: [], next_cursor: null });
    expect(await settle(id)).toMatchObject({ status: 404, body: { code: 'parked_event_not_found' } });
    const trail = await get('/audit?action=ParkedEventSettled');
    expect(trail.body['items']).toMatchObject([{ details: { how: 'skip', reason: '[sealed]' } }]);
  });
});
