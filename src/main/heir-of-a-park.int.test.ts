import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest, openSmallPark } from '../../test/e2e/guests.ts';
import { describeWithDatabase } from '../../test/support/database.ts';
import { enrol, type OwnNode } from '../../test/support/nodes.ts';
import { startOwnApi } from '../../test/support/own-api.ts';
import { openParkSync } from '../../test/support/park-sync.ts';
import { createCleanUp, type Settings, type TestApi } from '../../test/support/product.ts';
import { eventually } from '../../tools/demo/answered.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { auditRules } from './cli/check.ts';
import { runFlows } from './run-flows.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const DATE = '2026-12-06';
const META = { actor: 'system', correlationId: 'test' } as const;
const PARK = 'small';
const NODE = 'park-small';

type Body = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly body: Body };
type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>;

/** Calls of somebody who is signed in at one node. */
async function signIn(at: TestApi, login: object): Promise<Call> {
  let authorization = '';
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${at.url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(method === 'POST' ? { 'idempotency-key': systemIds.next() } : {}),
        ...(authorization === '' ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
  };
  authorization = `Bearer ${String((await call('POST', '/auth/login', login)).body['access_token'])}`;
  return call;
}

describeWithDatabase('headquarters as the heir of a node that was revoked', () => {
  const clock = createManualClock(NOON_MS);
  const { later, run } = createCleanUp();
  const never = new AbortController().signal;
  let headquarters: OwnNode;
  let park: OwnNode;
  let atHq: Call;
  let atPark: Call;
  let sync: () => Promise<string>;
  let desk: readonly [Body, Body];
  let online: readonly [Body, Body];
  let asked: Body;
  let late: Body;
  let shiftId: unknown;
  let heldAtRevocation: number;
  /** What was answered while the park was away and its node was not revoked yet. */
  let before: readonly Answer[];

  const work = async ({ app }: TestApi, name: string) =>
    app.modules.jobs.find((job) => job.name === name)?.run({ limit: 100, stopping: never, meta: META });

  async function startNode(more: Settings): Promise<OwnNode> {
    const started = await startOwnApi(more, clock, later);
    const flows = runFlows(started.app);
    later(() => flows.stop());
    return started;
  }

  async function openLink(): Promise<void> {
    const { app } = park;
    await enrol(headquarters.app, app, DATE);
    const link = await openParkSync(app, clock);
    sync = () => link.round(never);
    await sync();
  }

  const party = { park_id: PARK, children: [{ age: 5 }], adults: 1 };
  const scanOf = (ticket: Body, direction: 'in' | 'out', more: object = {}) => ({
    scan_id: systemIds.next(),
    code: ticket['admission_code'],
    direction,
    gate: 'main',
    scanned_at: new Date(clock.now()).toISOString(),
    ...more,
  });
  const scan = (call: Call, ...scans: readonly object[]) => call('POST', '/gate/scans', { scans });

  const sellAtPark = () =>
    eventually('a sale at the park', 20_000, async () => {
      const answer = await atPark('POST', '/gate/sales', { ...party, method: 'cash' });
      return answer.status === 201 ? answer.body : null;
    });
  const sellAtHq = async (): Promise<Body> => {
    const method = { method: 'elcard_terminal', terminal_reference: systemIds.next() };
    return (await atHq('POST', '/gate/sales', { ...party, ...method })).body;
  };
  const cancel = (call: Call, { id }: Body) => call('POST', `/admin/tickets/${String(id)}/cancel`, { reason: 'Ill' });
  const paymentOf = ({ payment }: Body): string => (payment as { readonly id: string }).id;
  const statusAtHq = async ({ id }: Body) =>
    (await headquarters.app.modules.booking.ticketFacts.byId(String(id)))?.status;
  const places = () => headquarters.app.modules.booking.placesOfDays(PARK, [DATE]);

  beforeAll(async () => {
    headquarters = await startNode({});
    await openSmallPark(headquarters.app, PARK, 100);
    park = await startNode({
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: PARK,
      SKYPARK_NODE_ID: NODE,
      SKYPARK_HQ_URL: headquarters.url,
    });
    await openLink();
    clock.advance(86_400_000);
    const { userId, login } = await newGuest(headquarters.url);
    for (const role of ['gate', 'manager', 'finance'] as const)
      await headquarters.app.modules.auth.grantRole({ userId, role, parkId: PARK }, META);
    await sync();
    [atHq, atPark] = [await signIn(headquarters, login), await signIn(park, login)];
    shiftId = (await atPark('POST', '/gate/shifts', { park_id: PARK, float: '1000.00' })).body['id'];
    await sync();
    await work(headquarters, 'grant walk-up shares');
    await sync();
    desk = [await sellAtPark(), await sellAtPark()];
    online = [await sellAtHq(), await sellAtHq()];
    asked = await sellAtHq();
    await sync();
    const [twice] = online;
    const offline = () => scanOf(twice, 'in', { people: 2, decided_offline: true });
    await scan(atPark, offline(), offline());
    await sync();
    // From here on the park is heard no more.
    before = [await cancel(atHq, asked), await cancel(atHq, desk[0]), await scan(atHq, scanOf(online[1], 'in'))];
    late = await sellAtPark();
    heldAtRevocation = await headquarters.app.store.headPosition();
    await headquarters.app.modules.nodes.keepNodes.revoke(NODE, META);
  }, 120_000);
  afterAll(run);

  test('was nobody to ask before', () => {
    expect(before).toMatchObject([
      { status: 200, body: { refund: { status: 'requested' } } },
      { status: 409, body: { code: 'not_home' } },
      { status: 409, body: { code: 'not_home' } },
    ]);
  });

  test('takes nothing of it any more: what it had not handed over is in no log', async () => {
    await sync();
    expect(await statusAtHq(late)).toBeUndefined();
    const after = await headquarters.app.store.read(heldAtRevocation, 10_000);
    expect(after.filter(({ nodeId }) => nodeId === NODE)).toEqual([]);
  });

  test('serves its gates today, from who is inside by what it told', async () => {
    expect(await headquarters.app.modules.admission.occupancy([PARK])).toEqual([4]);
    const [inside, outside] = online;
    expect((await scan(atHq, scanOf(outside, 'in'))).body).toMatchObject({
      results: [{ outcome: 'admitted', people_admitted: 2 }],
    });
    expect((await scan(atHq, scanOf(inside, 'in'))).body).toMatchObject({
      results: [{ outcome: 'already_used' }],
    });
    expect((await scan(atHq, scanOf(inside, 'out'))).body).toMatchObject({
      results: [{ outcome: 'exited', people_exited: 4 }],
    });
    expect(await headquarters.app.modules.admission.occupancy([PARK])).toEqual([2]);
  });

  test('sells today from its own places, and none of those that the node was granted', async () => {
    const [day] = await places();
    const sold = await sellAtHq();
    expect((await scan(atHq, scanOf(sold, 'in'))).body).toMatchObject({ results: [{ outcome: 'admitted' }] });
    expect(await places()).toEqual([{ free: (day?.free ?? 0) - 2, deficit: 0 }]);
  });

  test('answers itself what it had asked the node', async () => {
    const ended = await eventually('the cancellation', 20_000, async () =>
      (await statusAtHq(asked)) === 'cancelled' ? true : null,
    );
    expect(ended).toBe(true);
  });

  test('cancels what its desk sold, frees none of its places, and owes the money', async () => {
    const [ticket] = desk;
    const left = await places();
    expect(await cancel(atHq, ticket)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await places()).toEqual(left);
    const id = paymentOf(ticket);
    const refund = await eventually('the refund', 20_000, async () => {
      const { body } = await atHq('GET', `/payments/${id}/refunds`);
      const [first] = body['items'] as readonly { readonly id: string; readonly status: string }[];
      return first?.status === 'manual' ? first : null;
    });
    await atHq('POST', '/gate/shifts', { park_id: PARK, float: '1000.00' });
    const paid = await atHq('POST', '/gate/refunds', { payment_id: id, refund_id: refund.id });
    expect(paid).toMatchObject({ status: 200, body: { status: 'succeeded', method: 'cash' } });
    const heard = await eventually('the ticket hears of its money', 20_000, async () =>
      (await statusAtHq(ticket)) === 'refunded' ? true : null,
    );
    expect(heard).toBe(true);
  });

  test('gives back what a guest of its desk paid, without a cancellation', async () => {
    const given = await atHq('POST', `/payments/${paymentOf(desk[1])}/refunds`, {
      amount: '100.00',
      reason: 'goodwill',
    });
    expect(given).toMatchObject({ status: 201, body: { status: 'manual' } });
  });

  test('resolves its incidents, and closes the shifts of its tills', async () => {
    const { body } = await atHq('GET', `/admin/incidents?park_id=${PARK}`);
    const [incident] = body['items'] as readonly { readonly id: string }[];
    const words = { resolution: 'gate_mistake', note: 'counted twice' };
    expect((await atHq('POST', `/admin/incidents/${incident?.id}/resolve`, words)).status).toBe(200);
    const closed = await atHq('POST', `/gate/shifts/${String(shiftId)}/close`, { counted: '1700.00' });
    expect(closed.status).toBe(200);
  });

  test('is not revoked twice', async () => {
    const head = await headquarters.app.store.headPosition();
    expect((await headquarters.app.modules.nodes.keepNodes.revoke(NODE, META)).ok).toBe(true);
    expect(await headquarters.app.store.headPosition()).toBe(head);
  });

  test('ends the day of what its desk sold and nobody used', async () => {
    clock.advance(86_400_000);
    for (let reading = 0; reading < 2; reading += 1) await work(headquarters, 'end days');
    expect(await statusAtHq(desk[1])).toBe('expired');
  });

  test('all of it holds by the rules', async () => {
    const findings = await auditRules(headquarters.databaseUrl, { facts: null, ssl: 'disable' });
    expect(findings.filter(({ holds }) => !holds)).toEqual([]);
  });
});
