import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import { step } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import { day } from '../modules/booking/domain/capacity.ts';
import { ticket } from '../modules/booking/domain/ticket.ts';
import type { TicketTerms } from '../modules/booking/domain/ticket-messages.ts';
import { createRecordOutcome } from '../modules/payment/application/record-outcome.ts';
import { createSettleByStatement } from '../modules/payment/application/settle-by-statement.ts';
import { createBookProvider } from '../modules/payment/book-provider.suite.ts';
import { payment } from '../modules/payment/domain/payment.ts';
import { newSecrets, startNode, type PurchaseNode } from './purchase.suite.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const HOLD_MS = 15 * 60_000;
const CLOSES_AT_MS = Date.parse('2026-12-08T15:00:00Z');
const PRICE_TYIYN = 35_000n;
const VISIT_DATE = '2026-12-08';
const meta = { actor: 'system', correlationId: 'test' };
const clock = createManualClock(NOON_MS);
const CANNOT_BE_ASKED = { statusQuery: false, refund: 'none', cancelUnpaid: false, signedWebhook: false } as const;

const REFUNDS = statement(
  'test.refunds',
  'select amount::text, reason, status from payment.refunds where payment_id = $1 order by requested_at',
);
const TICKET = statement('test.ticket', 'select status, payment_id, paid::text from booking.tickets where id = $1');

describeWithDatabase('a purchase', () => {
  let here: PurchaseNode;
  let there: PurchaseNode;
  let drop: () => Promise<void>;
  let parks = 0;

  beforeAll(async () => {
    const database = await createTestDatabase();
    const secrets = await newSecrets();
    drop = database.drop;
    here = await startNode(database.url, secrets, clock);
    there = await startNode(database.url, secrets, clock);
  });
  afterAll(async () => {
    await here.close();
    await there.close();
    await drop();
  });
  beforeEach(() => {
    clock.set(NOON_MS);
    parks += 1;
  });

  /** The park of the test that runs. */
  const parkId = () => `park-${parks}`;

  async function openDay(quota: number): Promise<void> {
    const command = { kind: 'open', parkId: parkId(), date: VISIT_DATE, quota } as const;
    await here.modules.runner.run(day, ids.derive(`day:${command.parkId}/${VISIT_DATE}`), command, meta);
  }

  async function hold(userId = ids.next()): Promise<string> {
    const ticketId = ids.next();
    const nowMs = clock.now();
    const terms: TicketTerms = {
      ticketId,
      userId,
      subjectId: userId,
      parkId: parkId(),
      visitDate: VISIT_DATE,
      ticketType: 'single',
      qrCode: ids.secret(16),
      children: [{ childId: null, name: 'Aibek', birthDate: null, age: 5, ageBand: '3-6' }],
      adults: 0,
      places: 1,
      priceTyiyn: PRICE_TYIYN,
      priceLines: [],
      promo: null,
      tier: null,
      pointsSpent: 0,
      passId: null,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + HOLD_MS,
      validFromMs: Date.parse('2026-12-08T03:00:00Z'),
      validUntilMs: CLOSES_AT_MS,
      closesAtMs: CLOSES_AT_MS,
    };
    const part = step(ticket, ticketId, { kind: 'hold', terms, admissionCode: null }, { isNew: true });
    const held = await here.modules.runner.runAll([part], { ...meta, parkId: parkId() });
    expect(held.ok).toBe(true);
    return ticketId;
  }

  /**
   * Money of a payment of the ticket arrives; answers the payment and the event that says so.
   * @param isDenied a person read in a statement before that it did not come
   */
  async function moneyFor(ticketId: string, amountTyiyn = PRICE_TYIYN, isDenied = false) {
    const paymentId = ids.next();
    const { runner } = here.modules;
    const intent = {
      paymentId,
      ticketId,
      userId: ids.next(),
      parkId: parkId(),
      amountTyiyn: PRICE_TYIYN,
      method: 'elqr',
      providerKey: ids.next(),
    } as const;
    const nowMs = clock.now();
    const returnUrl = 'http://127.0.0.1/';
    await runner.run(
      payment,
      paymentId,
      { type: 'intend', ...intent, returnUrl, nowMs, expiresAtMs: nowMs + HOLD_MS },
      meta,
    );
    if (isDenied) {
      await runner.run(payment, paymentId, { type: 'leave_to_statement', nowMs }, meta);
      const providers = new Map([['elqr', createBookProvider('elqr', CANNOT_BE_ASKED, clock).provider]] as const);
      const recordOutcome = createRecordOutcome({ runner, clock });
      const settle = createSettleByStatement({ runner, providers, recordOutcome, clock });
      expect(await settle({ paymentId, says: null }, meta)).toMatchObject({ ok: true });
    }
    const told = {
      amountTyiyn,
      currency: 'KGS',
      providerReference: `bank ${paymentId}`,
      source: 'webhook',
      nowMs,
    } as const;
    await runner.run(payment, paymentId, { type: 'confirm', ...told }, meta);
    const stored = await here.store.load(paymentId);
    const events = await Promise.all(stored.events.map((event) => here.modules.codec.decode(event)));
    return {
      paymentId,
      event: events.find(({ type }) => type === 'PaymentSucceeded'),
      misfit: events.find(({ type }) => type === 'PaymentMismatched'),
    };
  }

  async function handle(node: PurchaseNode, event: Recorded | undefined): Promise<void> {
    const flow = node.modules.flows.find(({ name }) => name === 'flow.purchase');
    if (flow === undefined || event === undefined) throw new Error('nothing to handle');
    await flow.handle(event);
  }

  const refundsOf = ({ paymentId }: { readonly paymentId: string }) => here.database.rows(REFUNDS, [paymentId]);
  const ticketRow = async (ticketId: string) => (await here.database.rows(TICKET, [ticketId]))[0];

  test('money in time makes the ticket valid, however often it is told', async () => {
    await openDay(1);
    const ticketId = await hold();
    const money = await moneyFor(ticketId);
    await Promise.all([handle(here, money.event), handle(there, money.event), handle(here, money.event)]);
    expect(await ticketRow(ticketId)).toEqual({ status: 'active', payment_id: money.paymentId, paid: '350.00' });
    expect(await refundsOf(money)).toEqual([]);
    const facts = await here.modules.booking.ticketFacts.byId(ticketId);
    expect(facts).toMatchObject({ status: 'active', paidTyiyn: PRICE_TYIYN });
  });

  test('the money of a second payment of a paid ticket goes back, once', async () => {
    await openDay(1);
    const ticketId = await hold();
    const [first, second] = [await moneyFor(ticketId), await moneyFor(ticketId)];
    await handle(here, first.event);
    await Promise.all([handle(here, second.event), handle(there, second.event)]);
    await handle(there, second.event);
    expect(await refundsOf(first)).toEqual([]);
    expect(await refundsOf(second)).toEqual([
      { amount: '350.00', reason: 'paid_by_another_payment', status: 'manual' },
    ]);
  });

  test('two payments told at once by two processes: one buys the ticket, the other goes back', async () => {
    await openDay(1);
    const ticketId = await hold();
    const payments = [await moneyFor(ticketId), await moneyFor(ticketId)];
    await Promise.all(payments.flatMap(({ event }) => [handle(here, event), handle(there, event)]));
    const row = await ticketRow(ticketId);
    const refunds = await Promise.all(payments.map(refundsOf));
    expect(refunds.flat()).toHaveLength(1);
    expect(row).toMatchObject({ payment_id: payments[refunds.findIndex((found) => found.length === 0)]?.paymentId });
  });

  test('money that comes late on a day with room still buys the ticket', async () => {
    await openDay(1);
    const ticketId = await hold();
    const money = await moneyFor(ticketId);
    clock.advance(HOLD_MS);
    await handle(here, money.event);
    expect(await ticketRow(ticketId)).toMatchObject({ status: 'active' });
    expect(await refundsOf(money)).toEqual([]);
  });

  test('money that comes late on a full day goes back, once, and never buys the ticket afterwards', async () => {
    await openDay(1);
    const ticketId = await hold();
    const money = await moneyFor(ticketId);
    clock.advance(HOLD_MS);
    await here.modules.booking.expireHolds(100, meta);
    await hold();
    await Promise.all([handle(here, money.event), handle(there, money.event)]);
    // The other hold ends too: a place is free again when the event is told once more.
    clock.advance(HOLD_MS);
    await handle(there, money.event);
    expect(await ticketRow(ticketId)).toMatchObject({ status: 'expired', payment_id: null });
    expect(await refundsOf(money)).toEqual([{ amount: '350.00', reason: 'park_at_capacity', status: 'manual' }]);
  });

  describe('money that a statement did not tell of, and whose message comes later', () => {
    test.each([
      ['takes a place again where there is one', 2, 'active', []],
      ['goes back, once, where there is none', 1, 'expired', [{ reason: 'park_at_capacity', amount: '350.00' }]],
    ] as const)('%s', async (_name, quota, status, refunds) => {
      await openDay(quota);
      const ticketId = await hold();
      clock.advance(HOLD_MS);
      await here.modules.booking.expireHolds(100, meta);
      expect(await ticketRow(ticketId)).toMatchObject({ status: 'expired' });
      await hold();
      const money = await moneyFor(ticketId, PRICE_TYIYN, true);
      expect(money.event?.data).toMatchObject({ late: true });
      await Promise.all([handle(here, money.event), handle(there, money.event)]);
      await handle(there, money.event);
      expect(await ticketRow(ticketId)).toMatchObject({ status });
      expect(await refundsOf(money)).toMatchObject(refunds);
    });
  });

  test('money after closing goes back', async () => {
    await openDay(1);
    const ticketId = await hold();
    const money = await moneyFor(ticketId);
    clock.set(CLOSES_AT_MS);
    await handle(here, money.event);
    expect(await ticketRow(ticketId)).toMatchObject({ status: 'expired' });
    expect(await refundsOf(money)).toMatchObject([{ reason: 'day_over' }]);
  });

  test('late money for a guest who was erased meanwhile goes back, once, and makes no ticket that nobody has a code of', async () => {
    await openDay(1);
    const userId = ids.next();
    const ticketId = await hold(userId);
    const money = await moneyFor(ticketId);
    clock.advance(HOLD_MS);
    await here.vault.destroy(userId);
    await Promise.all([handle(here, money.event), handle(here, money.event)]);
    await handle(there, money.event);
    expect(await ticketRow(ticketId)).toMatchObject({ status: 'pending_payment', payment_id: null });
    expect(await refundsOf(money)).toEqual([{ amount: '350.00', reason: 'guest_erased', status: 'manual' }]);
  });

  test('money of a wrong amount makes no ticket valid and goes back, once', async () => {
    await openDay(1);
    const ticketId = await hold();
    const money = await moneyFor(ticketId, PRICE_TYIYN / 100n);
    expect(money.event).toBeUndefined();
    await Promise.all([handle(here, money.misfit), handle(there, money.misfit)]);
    await handle(there, money.misfit);
    expect(await refundsOf(money)).toEqual([{ amount: '3.50', reason: 'amount_differs', status: 'manual' }]);
    expect(await ticketRow(ticketId)).toMatchObject({ status: 'pending_payment' });
  });

  test('money for a ticket that does not exist goes back', async () => {
    const money = await moneyFor(ids.next());
    await handle(here, money.event);
    expect(await refundsOf(money)).toMatchObject([{ reason: 'ticket_not_found' }]);
  });
});
