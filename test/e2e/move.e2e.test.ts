import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { startWorker } from '../../src/main/worker-jobs.ts';
import { bodyOf, eventually } from '../../tools/demo/answered.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import {
  createCleanUp,
  localSettings,
  startTestApi,
  startTestSandbox,
  temporaryDataDir,
  type TestApi,
} from '../support/product.ts';
import { newGuest, openSmallPark, ticketOf, type Guest } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

/** Noon in Bishkek. */
const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const PARK = 'small';
/** The sandbox tells nobody: what became of a payment is learned by asking. */
const NOBODY = 'http://127.0.0.1:9';

describeWithDatabase('a move to a dearer day', () => {
  const { later, run } = createCleanUp();
  const clock = createManualClock(NOON_MS);
  let databaseUrl: string;
  let api: TestApi;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    databaseUrl = database.url;
    const dataDir = await temporaryDataDir(later);
    const settings = await localSettings(dataDir, { DATABASE_URL: databaseUrl, PUBLIC_URL: NOBODY });
    api = await startTestApi(settings, clock, later);
    await startTestSandbox(api, later);
    const worker = startWorker(api.app);
    later(() => worker.stop());
    await openSmallPark(api.app, PARK, 10);
  });
  afterAll(run);

  const header = () => ({ 'Idempotency-Key': randomUUID() });

  /** Begins to pay what is due for a ticket, pays it, and waits until the ticket knows. */
  async function pay({ session }: Guest, ticketId: string, isDone: () => Promise<boolean>): Promise<string> {
    const body = { ticket_id: ticketId, method: 'elcard' } as const;
    const begun = await session.client.POST('/api/v1/payments', { params: { header: header() }, body });
    const { action, amount } = bodyOf('payment', 201, begun);
    await expectRulesToHold(databaseUrl);
    expect((await fetch(`${action?.url}/pay`, { method: 'POST' })).status).toBe(204);
    clock.advance(10_000);
    await eventually('the money arrives', 60_000, async () => ((await isDone()) ? true : null));
    return amount;
  }

  test('is paid by a second payment, and a cancellation gives both back; every rule holds all the way', async () => {
    const guest = await newGuest(api.url);
    const { client } = guest.session;
    // A child that turns three between the two days.
    const children = [{ name: 'Aibek', birth_date: '2023-12-10' }];
    const visit = { park_id: PARK, visit_date: '2026-12-08', children };
    const made = await client.POST('/api/v1/tickets', { params: { header: header() }, body: visit });
    const { id, price } = bodyOf('ticket', 201, made);
    expect(price).toBe('150.00');
    expect(await pay(guest, id, async () => (await ticketOf(guest, id)).status === 'active')).toBe('150.00');

    const params = { path: { id }, header: header() };
    const move = await client.POST('/api/v1/tickets/{id}/move', { params, body: { visit_date: '2026-12-12' } });
    const waiting = bodyOf('move', 200, move);
    expect(waiting).toMatchObject({
      status: 'active',
      visit_date: '2026-12-08',
      pending_move: { visit_date: '2026-12-12', price: '350.00', amount_due: '200.00' },
    });
    expect(await pay(guest, id, async () => (await ticketOf(guest, id)).moved_from === '2026-12-08')).toBe('200.00');
    const moved = await ticketOf(guest, id);
    expect(moved).toMatchObject({ visit_date: '2026-12-12', price: '350.00', paid: '350.00', pending_move: null });
    expect(moved.admission_code).not.toBe(waiting.admission_code);
    const path = { params: { path: { id } } };
    const receipt = bodyOf('receipt', 200, await client.GET('/api/v1/tickets/{id}/receipt', path));
    expect(receipt.payments.map(({ amount }) => amount)).toEqual(['150.00', '200.00']);
    expect(receipt.sums.find(({ kind }) => kind === 'kept')?.amount).toBe('350.00');
    await expectRulesToHold(databaseUrl);

    await client.POST('/api/v1/tickets/{id}/cancel', { params: { path: { id }, header: header() }, body: {} });
    await eventually('the money is out', 60_000, async () => {
      clock.advance(5_000);
      return (await ticketOf(guest, id)).status === 'refunded' ? true : null;
    });
    const after = bodyOf('receipt', 200, await client.GET('/api/v1/tickets/{id}/receipt', path));
    expect(after.refunds.map(({ amount, status }) => `${amount} ${status}`)).toEqual([
      '150.00 succeeded',
      '200.00 succeeded',
    ]);
    const fiscal = await eventually('every receipt is issued', 60_000, async () => {
      clock.advance(5_000);
      const found = bodyOf('receipt', 200, await client.GET('/api/v1/tickets/{id}/receipt', path)).fiscal;
      return found.receipts.length === 4 && found.status === 'issued' ? found : null;
    });
    const issued = fiscal.receipts.map(({ kind, amount }) => `${kind} ${amount}`);
    // Receipts come in the order in which money moved, and the two refunds are out in either.
    expect([...issued.slice(0, 2), ...issued.slice(2).toSorted()]).toEqual([
      'sale 150.00',
      'sale 200.00',
      'return 150.00',
      'return 200.00',
    ]);
    for (const { url, amount } of fiscal.receipts) {
      const shown = (await (await fetch(url ?? '')).json()) as { readonly ticketTotalSum: number };
      expect(shown.ticketTotalSum).toBe(Number(amount) * 100);
    }
    await expectRulesToHold(databaseUrl);
  });
});
