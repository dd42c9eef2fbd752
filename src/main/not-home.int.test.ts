import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../test/support/database.ts';
import { startOwnApi } from '../../test/support/own-api.ts';
import { openParkSync } from '../../test/support/park-sync.ts';
import { createCleanUp, type Settings, type TestApi } from '../../test/support/product.ts';
import { newGuest } from '../../test/e2e/guests.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { payment } from '../modules/payment/domain/payment.ts';
import { enrolAt } from '../sync/park/enrol.ts';
import { DEMO_PARKS } from './demo-parks.ts';
import { parkIdentity } from './park-sync.ts';

const META = { actor: 'system', correlationId: 'test' } as const;
const NODE = 'park-ala-archa';

type Reply = { readonly status: number; readonly body: Record<string, unknown> };

describeWithDatabase('what only one of two nodes may say', () => {
  const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
  const { later, run } = createCleanUp();
  const parkId = DEMO_PARKS[0]?.parkId ?? '';
  let headquarters: TestApi;
  let park: TestApi;
  let login: object;
  const tokens = new Map<TestApi, string>();

  async function call(at: TestApi, method: string, path: string, body?: object): Promise<Reply> {
    const response = await fetch(`${at.url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': systemIds.next(),
        authorization: `Bearer ${tokens.get(at) ?? ''}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  const secret = (bytes: number): string => systemIds.secret(bytes);

  async function round(): Promise<string> {
    const sync = await openParkSync(park.app, clock);
    return sync.round(new AbortController().signal);
  }

  async function signIn(at: TestApi): Promise<void> {
    const { body } = await call(at, 'POST', '/auth/login', login);
    tokens.set(at, String(body['access_token']));
  }

  async function enrol(): Promise<void> {
    const invited = await headquarters.app.modules.nodes.inviteNode({ nodeId: NODE, parkId, homeFrom: null }, META);
    if (!invited.ok) throw new Error(invited.refusal.code);
    const { incarnation } = await park.app.replication.head();
    const known = await enrolAt({
      ...(await parkIdentity(park.app)),
      code: invited.value.code,
      incarnation,
      secret,
    });
    if (!known.ok) throw new Error(known.refusal.reason);
    await park.app.modules.nodes.enrolment.keep(known.value);
  }

  beforeAll(async () => {
    const start = (more: Settings): Promise<TestApi> => startOwnApi(more, clock, later);
    headquarters = await start({});
    const [first] = DEMO_PARKS;
    if (first !== undefined) await headquarters.app.modules.park.openPark(first, META);
    park = await start({
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: parkId,
      SKYPARK_NODE_ID: NODE,
      SKYPARK_HQ_URL: headquarters.url,
    });
    await enrol();
    // From the day after its enrolment on a park is its own home.
    clock.advance(86_400_000);
    const { userId, login: known } = await newGuest(headquarters.url);
    login = known;
    for (const role of ['gate', 'manager', 'finance'] as const) {
      await headquarters.app.modules.auth.grantRole({ userId, role, parkId }, META);
    }
    await round();
    await signIn(headquarters);
    await signIn(park);
  }, 120_000);
  afterAll(run);

  const notHome = { status: 409, body: { code: 'not_home' } };

  test('a device of the park is enrolled and revoked there', async () => {
    const invited = await call(park, 'POST', '/admin/devices', { park_id: parkId });
    await round();
    const { id, code } = invited.body;
    expect(await call(headquarters, 'POST', '/gate/devices/enroll', { code, name: 'Gate 1' })).toMatchObject(notHome);
    expect(await call(headquarters, 'DELETE', `/admin/devices/${String(id)}`)).toMatchObject(notHome);
    expect(await call(park, 'DELETE', `/admin/devices/${String(id)}`)).toMatchObject({ status: 204 });
    await round();
  });

  test('what only headquarters answers is refused at a park whatever stands in its address', async () => {
    const refused = { status: 503, body: { code: 'hq_only' } };
    const report = `/admin/reports/occupancy?park_id=${parkId}&from=2026-12-05`;
    expect(await call(park, 'GET', report)).toMatchObject(refused);
    expect(await call(park, 'GET', `/admin/tickets?park_id=${parkId}`)).toMatchObject(refused);
  });

  test('a shift at the park is closed there', async () => {
    const opened = await call(park, 'POST', '/gate/shifts', { park_id: parkId, float: '100.00' });
    expect(opened).toMatchObject({ status: 201 });
    await round();
    const closing = `/gate/shifts/${String(opened.body['id'])}/close`;
    expect(await call(headquarters, 'POST', closing, { counted: '100.00' })).toMatchObject(notHome);
    expect(await call(park, 'POST', closing, { counted: '100.00' })).toMatchObject({ status: 200 });
    await round();
  });

  test('money that a desk of the park took goes back from there, and there a person says that it did', async () => {
    const [paymentId, ticketId, providerKey] = [systemIds.next(), systemIds.next(), systemIds.next()];
    const taken = { method: 'elcard_terminal', reference: '000017', amountTyiyn: 100_000n } as const;
    const facts = { paymentId, ticketId, parkId, providerKey, nowMs: clock.now() };
    await park.app.modules.runner.run(payment, paymentId, { type: 'take_at_desk', ...facts, ...taken }, META);
    await round();
    const refunds = `/payments/${paymentId}/refunds`;
    expect(await call(headquarters, 'POST', refunds, { reason: 'goodwill' })).toMatchObject(notHome);
    const asked = await call(park, 'POST', refunds, { reason: 'goodwill' });
    expect(asked).toMatchObject({ status: 201, body: { status: 'manual' } });
    await round();
    const confirm = `${refunds}/${String(asked.body['id'])}/confirm`;
    expect(await call(headquarters, 'POST', confirm, { reference: 'slip 1' })).toMatchObject(notHome);
    expect(await call(park, 'POST', confirm, { reference: 'slip 1' })).toMatchObject({ status: 200 });
    await round();
  });

  test('an incident at the gates of the park is resolved there', async () => {
    const party = { park_id: parkId, children: [{ age: 5 }], adults: 1 };
    const paid = { method: 'elcard_terminal', terminal_reference: '000018' };
    const ticket = await call(headquarters, 'POST', '/gate/sales', { ...party, ...paid });
    await round();
    const scan = () => ({
      scan_id: systemIds.next(),
      code: ticket.body['admission_code'],
      direction: 'in',
      gate: 'main',
      people: 2,
      decided_offline: true,
      scanned_at: new Date(clock.now()).toISOString(),
    });
    expect(await call(park, 'POST', '/gate/scans', { scans: [scan(), scan()] })).toMatchObject({ status: 200 });
    await round();
    const { body } = await call(headquarters, 'GET', `/admin/incidents?park_id=${parkId}`);
    const [incident] = body['items'] as { readonly id: string }[];
    const words = { resolution: 'gate_mistake', note: 'counted twice' };
    const resolve = `/admin/incidents/${incident?.id}/resolve`;
    expect(await call(headquarters, 'POST', resolve, words)).toMatchObject(notHome);
    expect(await call(park, 'POST', resolve, words)).toMatchObject({ status: 200 });
    await round();
    expect(await call(headquarters, 'GET', `/admin/incidents?park_id=${parkId}&status=open`)).toMatchObject({
      body: { items: [{}] },
    });
  });

  test('what headquarters did not take is shown to who manages the park, without what it says', async () => {
    const [ticket] = await headquarters.app.store.read(0, 10_000, ['TicketHeld']);
    const streamId = ticket?.streamId ?? '';
    const { version } = await park.app.store.load(streamId);
    const forged = { id: systemIds.next(), type: 'Forged', schemaVersion: 1, data: { secret: 'no' } };
    await park.app.store.append({
      streams: [{ streamId, aggregateType: 'Ticket', expected: version, events: [forged] }],
      context: { ...META, parkId, occurredAtMs: clock.now() },
    });
    expect(await round()).toBe('trouble');
    const { seq, incarnation } = await park.app.replication.head();
    const { status, body } = await call(headquarters, 'GET', '/admin/quarantine');
    const why = `event ${seq} is a Forged, which headquarters does not know: upgrade it first`;
    const kept = { node: NODE, park_id: parkId, incarnation, first: seq, last: seq, types: ['Forged'], why };
    const item = { id: expect.any(String) as string, ...kept, at: new Date(clock.now()).toISOString() };
    expect([status, body]).toEqual([200, { items: [item], next_cursor: null }]);
  });
});
