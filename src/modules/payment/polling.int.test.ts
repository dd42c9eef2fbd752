import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import { createPayers, HOLD_MS, type Begun } from './payers.suite.ts';
import { NOON_MS, openTill, type Till } from './till.suite.ts';

describeWithDatabase('the outcome of a payment is asked for', () => {
  let till: Till;
  beforeAll(async () => {
    till = await openTill();
  });
  afterAll(() => till.close());
  beforeEach(() => {
    till.clock.set(NOON_MS);
    till.line = 'up';
    till.isListening = true;
  });
  const { begin, statusOf, factsOf, lastIntent, payUnheard } = createPayers(() => till);

  describe('while it is open', () => {
    const poll = async (afterMs: number, limit = 1000) => {
      till.clock.advance(afterMs);
      return till.payment.pollPayments(limit);
    };

    test('a payment is found whose webhook never came', async () => {
      const begun = await begin();
      await payUnheard(begun);
      expect(await statusOf(begun)).toBe('pending');
      await poll(5000);
      expect(await statusOf(begun)).toBe('succeeded');
      expect(await factsOf(begun, 'PaymentSucceeded')).toMatchObject([{ data: { source: 'status' } }]);
    });

    test('a webhook that comes after the answer changes nothing', async () => {
      const begun = await begin();
      const webhook = await payUnheard(begun);
      await poll(5000);
      expect(await till.deliver(webhook)).toBe(204);
      expect(await factsOf(begun, 'PaymentSucceeded')).toHaveLength(1);
    });

    test('a young payment is left to its webhook, and an open one is not asked about again and again', async () => {
      // What earlier tests left open ends first.
      await poll(HOLD_MS + 60_000);
      till.clock.set(NOON_MS);
      const counts = [];
      const userId = ids.next();
      await till.pay(userId, till.sell(userId));
      for (const waitMs of [4999, 1, 0, 4999, 1]) counts.push(await poll(waitMs));
      expect(counts).toEqual([0, 1, 0, 0, 1]);
    });

    test('an order that ended unpaid ends the payment', async () => {
      const begun = await begin();
      await poll(HOLD_MS - 1);
      expect(await statusOf(begun)).toBe('pending');
      await poll(300_000);
      expect(await statusOf(begun)).toBe('failed');
    });

    test('a payment that the provider never heard of is over a minute after its end, not before', async () => {
      const userId = ids.next();
      till.line = 'down';
      await till.pay(userId, till.sell(userId));
      till.line = 'up';
      const { paymentId } = await lastIntent();
      const begun = { userId, ticketId: '', paymentId, reply: { status: 0, body: {} } };
      await poll(HOLD_MS + 59_999);
      expect(await statusOf(begun)).toBe('pending');
      await poll(300_000);
      expect(await statusOf(begun)).toBe('failed');
    });

    test('while the provider does not answer nothing is decided', async () => {
      const begun = await begin();
      till.line = 'down';
      await poll(HOLD_MS + 10 * 60_000);
      expect(await statusOf(begun)).toBe('pending');
      till.line = 'up';
      await poll(300_000);
      expect(await statusOf(begun)).toBe('failed');
    });

    test('what the payer has to do is found when the answer to the first call was lost', async () => {
      const userId = ids.next();
      const ticketId = till.sell(userId);
      till.line = 'deaf';
      const lost = await till.pay(userId, ticketId);
      till.line = 'up';
      await poll(5000);
      const shown = await till.show(userId, String(lost.body['id']));
      expect(shown.body).toMatchObject({ status: 'pending', action: { type: 'qr' } });
    });

    test('a stop is not kept waiting by a provider that does not answer', async () => {
      await poll(HOLD_MS + 60_000);
      till.clock.set(NOON_MS);
      for (let count = 0; count < 9; count += 1) await begin();
      const stopping = new AbortController();
      const { status } = till.provider;
      till.provider.status = async () => {
        stopping.abort();
        return { kind: 'unknown' };
      };
      till.clock.advance(5000);
      expect(await till.payment.pollPayments(1000, stopping.signal)).toBe(8);
      till.provider.status = status;
    });

    test('of more payments than a round looks at none is forgotten, and one that fails stops no other', async () => {
      const begun = [await begin(), await begin(), await begin(), await begin(), await begin()];
      for (const one of begun) await payUnheard(one);
      const { status } = till.provider;
      let broken = true;
      till.provider.status = async (request) => {
        if (broken) {
          broken = false;
          throw new Error('a bug');
        }
        return status(request);
      };
      const errors = till.errors.length;
      till.clock.advance(5000);
      for (let round = 0; round < 12; round += 1) await poll(5000, 2);
      till.provider.status = status;
      expect(till.errors.slice(errors)).toHaveLength(1);
      for (const one of begun) expect(await statusOf(one)).toBe('succeeded');
    });
  });

  describe('after it ended unpaid', () => {
    /** Paid in time, but the provider neither told us nor, when asked, knew of it yet. */
    async function paidUnheard(): Promise<Begun> {
      const begun = await begin();
      await payUnheard(begun);
      const { status } = till.provider;
      till.provider.status = async () => ({ kind: 'pending' });
      till.clock.advance(HOLD_MS + 60_000);
      // The first round may end the walk of an earlier one.
      for (let round = 0; round < 2; round += 1) await till.payment.pollPayments(1000);
      till.provider.status = status;
      expect(await statusOf(begun)).toBe('failed');
      return begun;
    }

    test('late money is found, page by page', async () => {
      const begun = [await paidUnheard()];
      till.clock.set(NOON_MS);
      begun.push(await paidUnheard());
      await till.payment.pollUnpaidPayments(1);
      for (const one of begun) {
        expect(await factsOf(one, 'PaymentSucceeded')).toMatchObject([{ data: { source: 'status', late: true } }]);
      }
    });

    test('money after a decline is found', async () => {
      const begun = await begin();
      const record = createRecordOutcome({ ...till.node, clock: till.clock });
      await record(begun.paymentId, { kind: 'failed', reason: 'declined' }, 'webhook', {
        actor: 'test',
        correlationId: 'test',
      });
      await payUnheard(begun);
      await till.payment.pollUnpaidPayments(100);
      expect(await statusOf(begun)).toBe('succeeded');
    });

    test('for 72 hours after the end, and not while stopping', async () => {
      const begun = await paidUnheard();
      expect(await till.payment.pollUnpaidPayments(1, AbortSignal.abort())).toBe(0);
      till.clock.set(NOON_MS + HOLD_MS + 72 * 3_600_000 + 1);
      expect(await till.payment.pollUnpaidPayments(100)).toBe(0);
      till.clock.advance(-2);
      expect(await till.payment.pollUnpaidPayments(100)).toBeGreaterThan(0);
      expect(await statusOf(begun)).toBe('succeeded');
    });
  });
});
