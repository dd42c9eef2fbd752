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
import { runFlows } from './run-flows.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const DATE = '2026-12-06';
const META = { actor: 'system', correlationId: 'test' } as const;
const PARK = 'small';
const NODE = 'park-small';

type Body = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly body: Body };
type Call = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => Promise<Answer>;

/** Calls of somebody who is signed in at one node. */
async function signIn(at: TestApi, login: object): Promise<Call> {
  let authorization = '';
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${at.url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(method === 'POST' ? { 'idempotency-key': systemIds.next() } : { 'if-match': '"1"' }),
        ...(authorization === '' ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  authorization = `Bearer ${String((await call('POST', '/auth/login', login)).body['access_token'])}`;
  return call;
}

describeWithDatabase('what the desk of a park sold, whose node keeps its gates', () => {
  const clock = createManualClock(NOON_MS);
  const { later, run } = createCleanUp();
  const never = new AbortController().signal;
  let headquarters: TestApi;
  let park: TestApi;
  let atHq: Call;
  let atPark: Call;
  let sync: () => Promise<void>;

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
    sync = async () => void (await link.round(never));
    await sync();
  }

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
    // From that day on the park is its own home.
    clock.advance(86_400_000);
    const { userId, login } = await newGuest(headquarters.url);
    for (const role of ['gate', 'manager'] as const)
      await headquarters.app.modules.auth.grantRole({ userId, role, parkId: PARK }, META);
    await sync();
    [atHq, atPark] = [await signIn(headquarters, login), await signIn(park, login)];
    await atPark('POST', '/gate/shifts', { park_id: PARK, float: '1000.00' });
    // A park is granted places once headquarters has read something of its log.
    await sync();
    await work(headquarters, 'grant walk-up shares');
    await sync();
  }, 120_000);
  afterAll(run);

  const party = { park_id: PARK, children: [{ age: 5 }], adults: 1 };

  /** Sells as soon as the park has its share. */
  async function sellAtPark(): Promise<Body> {
    const sold = await eventually('a sale at the park', 20_000, async () => {
      const answer = await atPark('POST', '/gate/sales', { ...party, method: 'cash' });
      return answer.status === 201 ? answer.body : null;
    });
    await sync();
    return sold;
  }
  const sellAtHq = async (): Promise<Body> => {
    const method = { method: 'elcard_terminal', terminal_reference: '17' };
    const { body } = await atHq('POST', '/gate/sales', { ...party, ...method });
    await sync();
    return body;
  };

  const cancel = (call: Call, { id }: Body) => call('POST', `/admin/tickets/${String(id)}/cancel`, { reason: 'Ill' });
  const statusAt = async ({ app }: TestApi, { id }: Body) =>
    (await app.modules.booking.ticketFacts.byId(String(id)))?.status;

  /** Pays the money of a ticket out of the till, once it is owed. */
  async function payOut({ payment }: Body): Promise<void> {
    const { id } = payment as { readonly id: string };
    const refund = await eventually('the refund', 20_000, async () => {
      const { body } = await atPark('GET', `/payments/${id}/refunds`);
      return (body['items'] as readonly { readonly id: string }[])[0] ?? null;
    });
    const paid = await atPark('POST', '/gate/refunds', { payment_id: id, refund_id: refund.id });
    expect(paid).toMatchObject({ status: 200, body: { status: 'succeeded', method: 'cash' } });
  }

  const isRefunded = (ticket: Body) =>
    eventually('the ticket hears of its money', 20_000, async () =>
      (await statusAt(park, ticket)) === 'refunded' ? true : null,
    );

  test('is cancelled there alone, at its gates in the same append, and its money goes back at its till', async () => {
    const [own, other] = [await sellAtPark(), await sellAtHq()];
    expect(await cancel(atHq, own)).toMatchObject({ status: 409, body: { code: 'not_home' } });
    expect(await cancel(atPark, other)).toMatchObject({ status: 409, body: { code: 'not_home' } });
    expect(await cancel(atPark, own)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    const told = await park.app.store.read(0, 10_000, ['TicketCancelled', 'AdmissionVoided']);
    expect(told.map(({ type }) => type).toSorted()).toEqual(['AdmissionVoided', 'TicketCancelled']);
    expect(Math.abs((told[0]?.position ?? 0) - (told[1]?.position ?? 0))).toBe(1);
    const code = own['admission_code'];
    const scan = { scan_id: systemIds.next(), code, direction: 'in', gate: 'main', scanned_at: `${DATE}T06:00:00Z` };
    expect((await atPark('POST', '/gate/scans', { scans: [scan] })).body).toMatchObject({
      results: [{ outcome: 'cancelled' }],
    });
    await payOut(own);
    await isRefunded(own);
    await sync();
    expect(await statusAt(headquarters, own)).toBe('refunded');
    expect(await statusAt(headquarters, other)).toBe('active');
  });

  test('is cancelled by the park when headquarters closes the day, which ends with what it sold', async () => {
    const ticket = await sellAtPark();
    const path = `/admin/parks/${PARK}/days/${DATE}/cancel-all`;
    const progress = async () => (await atHq('GET', path)).body;
    expect((await atHq('PUT', `/parks/${PARK}/calendar/${DATE}`, { closed: true })).status).toBe(200);
    expect((await atHq('POST', path, { reason: 'Storm' })).body).toMatchObject({ waiting: 2, cancelled: 0 });
    await work(headquarters, 'cancel closed days');
    expect(await statusAt(headquarters, ticket)).toBe('active');
    await sync();
    await work(park, 'cancel closed days');
    expect(await statusAt(park, ticket)).toBe('cancelled');
    await payOut(ticket);
    await isRefunded(ticket);
    const closed = await eventually('the gates answer, and headquarters hears', 20_000, async () => {
      await sync();
      const body = await progress();
      return body['waiting'] === 0 ? body : null;
    });
    // The money of the one that headquarters sold is for a person there.
    expect(closed).toMatchObject({ cancelled: 2, refunded: 1, done: false });
    expect(await statusAt(headquarters, ticket)).toBe('refunded');
  });
});
