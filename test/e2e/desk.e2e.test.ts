import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { startWorker } from '../../src/main/worker-jobs.ts';
import { bodyOf, eventually } from '../../tools/demo/answered.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { openEvents } from '../support/event-stream-client.ts';
import {
  createCleanUp,
  localSettings,
  startTestApi,
  startTestSandbox,
  temporaryDataDir,
  type TestApi,
} from '../support/product.ts';
import { newGuest, openSmallPark, order, ticketOf, type Guest } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

/** Noon in Bishkek. */
const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const PARK = 'small';
/** The sandbox tells nobody: what became of a payment is learned by asking. */
const NOBODY = 'http://127.0.0.1:9';

type Answer = { readonly status: number; readonly body: Record<string, unknown> };
type Call = (at: TestApi, url: string, body?: object) => Promise<Answer>;

describeWithDatabase('the desk of a park, with two processes of the API on one database', () => {
  const { later, run } = createCleanUp();
  const clock = createManualClock(NOON_MS);
  let databaseUrl: string;
  let here: TestApi;
  let there: TestApi;
  /** A process that does not reach the provider. */
  let cutOff: TestApi;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    databaseUrl = database.url;
    const dataDir = await temporaryDataDir(later);
    const shared = { DATABASE_URL: databaseUrl, PUBLIC_URL: NOBODY, SKYPARK_MODE: 'demo' };
    const settings = await localSettings(dataDir, shared);
    const sandboxPort = settings['SKYPARK_SANDBOX_PORT'] ?? '';
    here = await startTestApi(settings, clock, later);
    there = await startTestApi(
      await localSettings(dataDir, { ...shared, SKYPARK_SANDBOX_PORT: sandboxPort }),
      clock,
      later,
    );
    cutOff = await startTestApi(await localSettings(dataDir, shared), clock, later);
    await startTestSandbox(here, later);
    const worker = startWorker(here.app);
    later(() => worker.stop());
    await openSmallPark(here.app, PARK, 100);
  });
  afterAll(run);

  /** Calls of somebody signed in, at both processes. */
  async function callsOf({ login }: Guest): Promise<Call> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    const call: Call = async (at, url, body) => {
      const response = await fetch(`${at.url}/api/v1${url}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...headers, ...(body !== undefined && { 'idempotency-key': randomUUID() }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    };
    const signedIn = await call(here, '/auth/login', login);
    headers['authorization'] = `Bearer ${String(signedIn.body['access_token'])}`;
    return call;
  }

  /** Somebody who has a role at a park. */
  async function staff(role: 'gate' | 'manager' | 'finance', parkId = PARK): Promise<Call> {
    const person = await newGuest(here.url);
    const granted = { userId: person.userId, role, parkId };
    await here.app.modules.auth.grantRole(granted, { actor: 'system', correlationId: 'test' });
    return callsOf(person);
  }

  const sale = (method: string, more: object = {}) => ({
    park_id: PARK,
    children: [{ age: 5 }],
    adults: 1,
    method,
    ...more,
  });
  const paymentOf = ({ body }: Answer) => body['payment'] as Record<string, unknown>;

  async function openShift(cashier: Call, float: string, parkId = PARK): Promise<string> {
    const opened = await cashier(here, '/gate/shifts', { park_id: parkId, float });
    expect(opened.status).toBe(201);
    return String(opened.body['id']);
  }

  async function letIn(gate: Call, code: unknown): Promise<unknown> {
    const one = { scan_id: randomUUID(), code, direction: 'in', scanned_at: new Date(clock.now()), gate: 'main' };
    const { body } = await gate(there, '/gate/scans', { scans: [one] });
    return (body['results'] as readonly object[])[0];
  }

  async function payAtProvider(payment: Record<string, unknown>): Promise<void> {
    const { url } = payment['action'] as { readonly url: string };
    expect((await fetch(`${url}/pay`, { method: 'POST' })).status).toBe(204);
  }

  /** Waits for the worker. */
  const done = (isDone: () => Promise<boolean>) =>
    eventually('what the worker has to do', 60_000, async () => ((await isDone()) ? true : null));
  const statusOf = async (ticketId: unknown) =>
    (await here.app.modules.booking.ticketFacts.byId(String(ticketId)))?.status;

  test('what is sold for cash or by card lets in at once, and two devices on one shift lose nothing', async () => {
    const cashier = await staff('gate');
    const shiftId = await openShift(cashier, '1000.00');
    const sold = await cashier(here, '/gate/sales', sale('cash'));
    expect(sold).toMatchObject({ status: 201, body: { status: 'active', user_id: null, price: '350.00', people: 2 } });
    expect(await letIn(cashier, sold.body['admission_code'])).toMatchObject({ outcome: 'admitted' });
    expect(await statusOf(sold.body['id'])).toBe('used');
    expect((await cashier(here, '/gate/sales', sale('elcard_terminal'))).status).toBe(400);
    const byCard = await cashier(there, '/gate/sales', sale('elcard_terminal', { terminal_reference: 'slip 17' }));
    expect(byCard).toMatchObject({ status: 201, body: { status: 'active' } });
    expect(await letIn(cashier, byCard.body['admission_code'])).toMatchObject({ outcome: 'admitted' });

    const devices = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? here : there));
    const race = await Promise.all(devices.map((device) => cashier(device, '/gate/sales', sale('cash'))));
    expect(race.map(({ status }) => status)).toEqual(race.map(() => 201));
    expect(new Set(race.map(({ body }) => body['id'])).size).toBe(12);
    const shift = await cashier(there, `/gate/shifts/${shiftId}`);
    expect(shift.body).toMatchObject({ taken: '4550.00', expected: '5550.00' });
    const closed = await cashier(there, `/gate/shifts/${shiftId}/close`, { counted: '5549.00' });
    expect(closed).toMatchObject({ status: 200, body: { status: 'closed', difference: '-1.00' } });
    expect(await cashier(here, '/gate/sales', sale('cash'))).toMatchObject({
      status: 409,
      body: { code: 'no_open_shift' },
    });
    await expectRulesToHold(databaseUrl);
  });

  test('who comes in at one process is seen within two seconds by whoever follows the park at the other', async () => {
    const cashier = await staff('gate');
    await openShift(cashier, '0.00');
    const sold = await cashier(here, '/gate/sales', sale('cash'));
    const events = await openEvents(`${here.url}/api/v1/parks/${PARK}/occupancy/stream`);
    const before = (await events.next()) as { readonly current: number };
    expect(await letIn(cashier, sold.body['admission_code'])).toMatchObject({ outcome: 'admitted' });
    const admittedAtMs = performance.now();
    expect(await events.next()).toMatchObject({ current: before.current + 2, capacity: 100, nodes_behind: 0 });
    expect(performance.now() - admittedAtMs).toBeLessThan(2_000);
    events.leave();
    await events.ended;
  });

  test('no more people are sold than the day has places, and no cash is taken for the others', async () => {
    await openSmallPark(here.app, 'tiny', 5);
    const cashier = await staff('gate', 'tiny');
    const shiftId = await openShift(cashier, '0.00', 'tiny');
    const devices = [here, there, here, there, here, there];
    const sales = devices.map((device) => cashier(device, '/gate/sales', sale('cash', { park_id: 'tiny' })));
    const words = (await Promise.all(sales)).map(({ status, body }) =>
      status === 201 ? 'sold' : String(body['code']),
    );
    expect(words.toSorted()).toEqual([...Array.from({ length: 4 }, () => 'park_at_capacity'), 'sold', 'sold']);
    expect((await cashier(here, `/gate/shifts/${shiftId}`)).body['taken']).toBe('700.00');
    await expectRulesToHold(databaseUrl);
  });

  test('by ELQR the ticket waits for its payment, which makes it valid', async () => {
    const cashier = await staff('gate');
    const sold = await cashier(here, '/gate/sales', sale('elqr'));
    expect(sold).toMatchObject({ status: 201, body: { status: 'pending_payment', admission_code: null } });
    expect(paymentOf(sold)).toMatchObject({ status: 'pending', action: { type: 'qr' } });
    await payAtProvider(paymentOf(sold));
    clock.advance(10_000);
    await done(async () => (await statusOf(sold.body['id'])) === 'active');
    await expectRulesToHold(databaseUrl);
  });

  test('by ELQR that cannot be reached nothing is sold, and the places are free at once', async () => {
    await openSmallPark(here.app, 'lonely', 2);
    const cashier = await staff('gate', 'lonely');
    await openShift(cashier, '0.00', 'lonely');
    const byElqr = sale('elqr', { park_id: 'lonely' });
    for (let times = 0; times < 2; times += 1) {
      expect(await cashier(cutOff, '/gate/sales', byElqr)).toMatchObject({
        status: 503,
        body: { code: 'provider_unavailable', other_methods: ['cash', 'elcard_terminal'] },
      });
    }
    expect((await cashier(cutOff, '/gate/sales', sale('cash', { park_id: 'lonely' }))).status).toBe(201);
    await expectRulesToHold(databaseUrl);
  });

  test('a sale told again is the ticket as it is now, and what nobody paid may be given up', async () => {
    const { booking } = here.app.modules;
    const [commandId, meta] = [randomUUID(), { actor: 'system', correlationId: 'test' }];
    const visit = { parkId: PARK, children: [{ name: null, age: 5 }], adults: 1, paymentId: null };
    const sell = async (at: TestApi) => {
      const sold = await at.app.modules.booking.sellAtDesk<never>(visit, () => [], { ...meta, commandId });
      if (!sold.ok) throw new Error(sold.refusal.code);
      return sold.value;
    };
    const first = await sell(here);
    expect(first.status).toBe('pending_payment');
    expect(await sell(there)).toMatchObject({ ticketId: first.ticketId, status: 'pending_payment' });
    const unpaid = { ticketId: first.ticketId, why: 'staff', userId: null, reason: null, onlyHeld: true } as const;
    expect((await booking.cancelTicket(unpaid, meta)).ok).toBe(true);
    expect(await sell(there)).toMatchObject({ ticketId: first.ticketId, status: 'cancelled', admissionCode: null });
    const found = await there.app.modules.booking.findSale(commandId);
    expect(found).toMatchObject({ ticket: { ticketId: first.ticketId, status: 'cancelled' }, isCancelled: true });
    const byCard = sale('elcard_terminal', { terminal_reference: 'slip 18' });
    const paid = String((await (await staff('gate'))(here, '/gate/sales', byCard)).body['id']);
    expect(await booking.cancelTicket({ ...unpaid, ticketId: paid }, meta)).toMatchObject({
      refusal: { code: 'ticket_not_cancellable', status: 'active' },
    });
    expect(await statusOf(paid)).toBe('active');
  });

  test('a ticket of the desk that is cancelled is owed in cash, and over once a till paid it out', async () => {
    const [cashier, manager] = [await staff('gate'), await staff('manager')];
    const shiftId = await openShift(cashier, '0.00');
    const sold = await cashier(here, '/gate/sales', sale('cash'));
    const ticketId = String(sold.body['id']);
    const cancelled = await manager(there, `/admin/tickets/${ticketId}/cancel`, { reason: 'A child fell ill' });
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    const paymentId = String(paymentOf(sold)['id']);
    const refundsOf = async () =>
      (await manager(here, `/payments/${paymentId}/refunds`)).body['items'] as readonly Record<string, unknown>[];
    await done(async () => (await refundsOf())[0]?.['status'] === 'manual');
    const [refund] = await refundsOf();
    const receipt = () => cashier(there, `/tickets/${ticketId}/receipt`);
    expect(await receipt()).toMatchObject({
      status: 200,
      body: {
        number: sold.body['qr_code'],
        payments: [{ id: paymentId, method: 'cash', reference: `shift ${shiftId}`, amount: '350.00' }],
        refunds: [{ id: refund?.['id'], status: 'manual', amount: '350.00' }],
      },
    });
    const asked = { payment_id: paymentId, refund_id: String(refund?.['id']) };
    const paid = await Promise.all([here, there].map((device) => cashier(device, '/gate/refunds', asked)));
    expect(paid.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
    await done(async () => (await statusOf(ticketId)) === 'refunded');
    expect((await receipt()).body['refunds']).toMatchObject([{ status: 'succeeded', reference: `shift ${shiftId}` }]);
    expect((await cashier(here, `/gate/shifts/${shiftId}`)).body).toMatchObject({
      taken: '350.00',
      paid_out: '350.00',
      expected: '0.00',
    });
    await expectRulesToHold(databaseUrl);
  });

  test('money by ElCard for a ticket that its guest has cancelled goes back, and the ticket stays cancelled', async () => {
    const guest: Guest = await newGuest(here.url);
    const key = { params: { header: { 'Idempotency-Key': randomUUID() } } };
    const ticket = bodyOf('ticket', 201, await order(guest, { parkId: PARK, date: '2026-12-08' }));
    const body = { ticket_id: ticket.id, method: 'elcard' } as const;
    const payment = bodyOf('payment', 201, await guest.session.client.POST('/api/v1/payments', { ...key, body }));
    const cancelled = await (await callsOf(guest))(here, `/tickets/${ticket.id}/cancel`, {});
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    await payAtProvider(payment);
    clock.advance(10_000);
    const finance = await staff('finance');
    await done(async () => (await finance(here, `/payments/${payment.id}`)).body['status'] === 'refunded');
    const refunds = (await finance(here, `/payments/${payment.id}/refunds`)).body['items'];
    expect(refunds).toMatchObject([{ amount: '350.00', status: 'succeeded', reason: 'ticket_cancelled' }]);
    expect((await ticketOf(guest, ticket.id)).status).toBe('cancelled');
    await expectRulesToHold(databaseUrl);
  });
});
