import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../../test/support/module-database.ts';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentCommand } from '../domain/payment-messages.ts';
import { paymentManifest } from '../module.ts';
import { createPayments } from './payments.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const meta = { actor: 'user:test', correlationId: 'test' };
const AMOUNT_TYIYN = 35_000n;
const action = { type: 'qr', payload: 'https://pay#1', url: 'https://pay', expiresAtMs: 2_000_000_000_000 } as const;

describeWithDatabase('the read model of payments', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  beforeAll(async () => {
    opened = await openModuleDatabase(paymentManifest, clock);
    node = await opened.startNode();
  });
  afterAll(() => opened.close());

  const payments = () => createPayments(node.database);
  const tell = (paymentId: string, command: PaymentCommand) => node.runner.run(payment, paymentId, command, meta);
  const intent = (paymentId: string, ticketId = ids.next()): PaymentCommand => ({
    type: 'intend',
    paymentId,
    ticketId,
    userId: ids.next(),
    parkId: 'dordoi',
    amountTyiyn: AMOUNT_TYIYN,
    method: 'elqr',
    providerKey: ids.derive(paymentId),
    returnUrl: 'https://park.example/',
    nowMs: clock.now(),
    expiresAtMs: clock.now() + 900_000,
  });
  const confirm = (providerReference = 'bank', amountTyiyn = AMOUNT_TYIYN): PaymentCommand => ({
    type: 'confirm',
    amountTyiyn,
    currency: 'KGS',
    providerReference,
    source: 'webhook',
    nowMs: clock.now(),
  });
  const refund = (refundId: string, amountTyiyn: bigint): PaymentCommand => ({
    type: 'request_refund',
    refundId,
    amountTyiyn,
    reason: 'day_over',
    note: 'Mrs Example fell ill',
    nowMs: clock.now(),
  });
  const commandOf = (kind: string, paymentId: string, amountTyiyn: bigint): PaymentCommand => {
    const nowMs = clock.now();
    const refundId = ids.derive(`refund ${paymentId} ${amountTyiyn}`);
    switch (kind) {
      case 'intend':
        return intent(paymentId);
      case 'action':
        return { type: 'record_action', externalId: 'external', action, nowMs };
      case 'confirm':
        return confirm();
      case 'mismatch':
        return confirm('other', amountTyiyn);
      case 'fail':
        return { type: 'fail', reason: 'declined', nowMs };
      case 'refund':
        return refund(refundId, amountTyiyn);
      case 'confirm_refund':
        return { type: 'confirm_refund', refundId, providerReference: 'bank', nowMs };
      case 'submit_refund':
        return { type: 'submit_refund', refundId, refundKey: refundId, nowMs };
      case 'lose_refund':
        return { type: 'mark_refund_unknown', refundId, nowMs };
      case 'fail_refund':
        return { type: 'fail_refund', refundId, reason: 'none', nowMs };
      default:
        return { type: kind === 'expire' ? 'expire' : 'mark_unknown', nowMs };
    }
  };
  const statusAfter = async (...kinds: readonly string[]) => {
    const paymentId = ids.next();
    for (const kind of kinds) await tell(paymentId, commandOf(kind, paymentId, 10_000n));
    return (await payments().find(paymentId))?.status;
  };

  test.each([
    [['intend'], 'pending'],
    [['intend', 'unknown'], 'unknown'],
    [['intend', 'unknown', 'action'], 'pending'],
    [['intend', 'fail'], 'failed'],
    [['intend', 'expire'], 'failed'],
    [['intend', 'expire', 'confirm'], 'succeeded'],
    [['intend', 'mismatch'], 'failed'],
    [['intend', 'action', 'mismatch', 'unknown', 'action'], 'failed'],
    [['intend', 'mismatch', 'confirm'], 'succeeded'],
    [['intend', 'confirm', 'mismatch'], 'succeeded'],
    [['intend', 'confirm', 'mismatch', 'refund', 'confirm_refund'], 'succeeded'],
    [['intend', 'confirm', 'refund'], 'succeeded'],
    [['intend', 'confirm', 'refund', 'fail_refund'], 'succeeded'],
    [['intend', 'confirm', 'refund', 'confirm_refund'], 'partially_refunded'],
    [['intend', 'confirm', 'refund', 'fail_refund', 'confirm_refund'], 'partially_refunded'],
  ])('after %s a payment is %s', async (kinds, status) => {
    expect(await statusAfter(...kinds)).toBe(status);
  });

  test('a payment whose refunds add up to it is refunded', async () => {
    const paymentId = ids.next();
    for (const kind of ['intend', 'confirm']) await tell(paymentId, commandOf(kind, paymentId, 0n));
    for (const part of [10_000n, 25_000n]) {
      for (const kind of ['refund', 'confirm_refund']) await tell(paymentId, commandOf(kind, paymentId, part));
    }
    expect((await payments().find(paymentId))?.status).toBe('refunded');
  });

  test('the open payment of a ticket is neither settled nor over', async () => {
    const [paymentId, ticketId] = [ids.next(), ids.next()];
    await tell(paymentId, intent(paymentId, ticketId));
    const open = async (nowMs: number) => (await payments().openOfTicket(ticketId, 'elqr', nowMs))?.paymentId;
    expect(await open(clock.now() + 899_999)).toBe(paymentId);
    expect(await open(clock.now() + 900_000)).toBeUndefined();
    await tell(paymentId, confirm());
    expect(await open(clock.now())).toBeUndefined();
    expect(await payments().idByProviderKey(ids.derive(paymentId))).toBe(paymentId);
  });

  test('pages of unsettled payments lead through all of them, also those of one millisecond', async () => {
    for (let count = 0; count < 7; count += 1) {
      const paymentId = ids.next();
      if (count % 3 === 0) clock.advance(1);
      await tell(paymentId, intent(paymentId));
    }
    const all = await payments().unsettled(null, 1000, []);
    const paged = [];
    for (let page = await payments().unsettled(null, 2, []); page.length > 0;) {
      paged.push(...page);
      page = await payments().unsettled(page.at(-1) ?? null, 2, []);
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThanOrEqual(7);
  });

  test('pages of unpaid payments lead in the order of their end through those that ended without money', async () => {
    const expected: string[] = [];
    for (const kind of ['fail', 'expire', 'mismatch', 'confirm', 'action', 'fail']) {
      const paymentId = ids.next();
      clock.advance(1);
      await tell(paymentId, intent(paymentId));
      await tell(paymentId, commandOf(kind, paymentId, 10_000n));
      if (kind === 'fail' || kind === 'expire') expected.push(paymentId);
    }
    const fromMs = clock.now() + 900_000 - 5;
    const paged = [];
    for (let page = await payments().unpaid(fromMs, null, 2); page.length > 0;) {
      paged.push(...page.map(({ paymentId }) => paymentId));
      page = await payments().unpaid(fromMs, page.at(-1) ?? null, 2);
    }
    expect(paged).toEqual(expected);
    expect(await payments().unpaid(fromMs + 6, null, 10)).toEqual([]);
  });

  const kinds = ['intend', 'intend', 'action', 'unknown', 'confirm', 'confirm', 'mismatch', 'fail', 'expire'] as const;
  const refundKinds = ['refund', 'submit_refund', 'lose_refund', 'confirm_refund', 'fail_refund'] as const;
  const history = fc.array(
    fc.record({
      index: fc.nat({ max: 2 }),
      kind: fc.constantFrom(...kinds, ...refundKinds, ...refundKinds),
      amountTyiyn: fc.constantFrom(5_000n, 10_000n),
      waits: fc.boolean(),
    }),
    { minLength: 20, maxLength: 60 },
  );

  test('rebuilt in ranges of any size it is the same rows, after any history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (moves) => {
        const own = [ids.next(), ids.next(), ids.next()];
        const told: Promise<unknown>[] = [];
        for (const { index, kind, amountTyiyn, waits } of moves) {
          const paymentId = own[index] ?? '';
          told.push(tell(paymentId, commandOf(kind, paymentId, amountTyiyn)));
          if (waits) await Promise.all(told.splice(0));
        }
        await Promise.all(told);
        const live = await opened.rows();
        for (const batch of [7, 100_000]) {
          await opened.rebuild(batch);
          expect(await opened.rows()).toEqual(live);
        }
      }),
      { numRuns: 8 },
    );
    const live = await opened.rows();
    expect(live['payment.refunds']?.length).toBeGreaterThan(5);
    await opened.rebuild(1);
    expect(await opened.rows()).toEqual(live);
  });
});
