import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { noCache } from '../infrastructure/read-cache/no-cache.ts';
import { openPostgresEventStore } from '../infrastructure/event-store/postgres-store.ts';
import { createSubjectKeyTable } from '../infrastructure/event-store/subject-keys.ts';
import { createMemoryFileStore } from '../infrastructure/files/memory-file-store.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import { createMemoryLimiter } from '../infrastructure/limiter/memory-limiter.ts';
import { signingKeyFrom } from '../infrastructure/keys/key-files.ts';
import { connectDatabase } from '../infrastructure/postgres/database.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import { step } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { EventStore } from '../kernel/event-store.ts';
import { noRegisters } from '../main/fiscal-registers.ts';
import { createModules, type Modules } from '../main/modules.ts';
import { day } from '../modules/booking/domain/capacity.ts';
import { ticket } from '../modules/booking/domain/ticket.ts';
import type { TicketTerms } from '../modules/booking/domain/ticket-messages.ts';
import { payment } from '../modules/payment/domain/payment.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const HOLD_MS = 15 * 60_000;
const CLOSES_AT_MS = Date.parse('2026-12-08T15:00:00Z');
const PRICE_TYIYN = 35_000n;
const VISIT_DATE = '2026-12-08';
const meta = { actor: 'system', correlationId: 'test' };
const clock = createManualClock(NOON_MS);

const REFUNDS = statement(
  'test.refunds',
  'select amount::text, reason, status from payment.refunds where payment_id = $1 order by requested_at',
);
const TICKET = statement('test.ticket', 'select status, payment_id, paid::text from booking.tickets where id = $1');

type Node = { readonly modules: Modules; readonly store: EventStore };

/** One more process of the program. */
async function startNode(url: string, secrets: Parameters<typeof createModules>[0]['secrets']) {
  const connect = (poolSize: number) =>
    connectDatabase({ url, poolSize, role: 'skypark_app', applicationName: 'purchase-test', onError: () => undefined });
  const [database, writer] = [connect(4), connect(1)];
  const store = await openPostgresEventStore({ writer, reader: database, nodeId: 'hq', clock, sleep });
  const vault = createVault({ keys: createSubjectKeyTable(database), masterKey: secrets.masterKey });
  const modules = createModules({
    store,
    database,
    vault,
    files: createMemoryFileStore(),
    cache: noCache,
    clock,
    limiter: createMemoryLimiter(clock),
    secrets,
    providers: new Map(),
    fiscalRegisters: noRegisters,
    channels: { sms: null, email: null },
    mode: 'demo',
    nodeId: 'hq',
    publicUrl: 'http://127.0.0.1:8080',
    chainFigures: { codesPerHour: 1_000, codesPerDay: 5_000, loginFailures: 500 },
    onLimitAlarm: () => undefined,
    onForgedToken: () => undefined,
    onLedgerChecked: () => undefined,
    onError: () => undefined,
  });
  const close = async () => {
    await store.close();
    await Promise.all([database.close(), writer.close()]);
  };
  return { modules, store, database, vault, close };
}

async function newSecrets() {
  const key = () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    return signingKeyFrom(Buffer.from(pem), 'test');
  };
  const admissionKey = await key();
  return { accessTokenKey: await key(), admissionKey, admissionKeys: [admissionKey], masterKey: Buffer.alloc(32, 1) };
}

describeWithDatabase('a purchase', () => {
  let here: Awaited<ReturnType<typeof startNode>>;
  let there: Awaited<ReturnType<typeof startNode>>;
  let drop: () => Promise<void>;
  let parks = 0;

  beforeAll(async () => {
    const database = await createTestDatabase();
    const secrets = await newSecrets();
    drop = database.drop;
    here = await startNode(database.url, secrets);
    there = await startNode(database.url, secrets);
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

  /** Money of a payment of the ticket arrives; answers the payment and the event that says so. */
  async function moneyFor(ticketId: string, amountTyiyn = PRICE_TYIYN) {
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

  async function handle(node: Node, event: Recorded | undefined): Promise<void> {
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
