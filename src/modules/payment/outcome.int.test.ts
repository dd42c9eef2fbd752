import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import { createWebhooks } from './application/receive-webhook.ts';
import { createPayments } from './persistence/payments.ts';
import { createWebhookInbox } from './persistence/webhook-inbox.ts';
import { AMOUNT_TYIYN, NOON_MS, openTill, type Reply, type Till } from './till.suite.ts';

const RETURN_URL = 'http://127.0.0.1/thanks';
const HOLD_MS = 25 * 60_000;

describeWithDatabase('the outcome of a payment', () => {
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

  type Begun = {
    readonly userId: string;
    readonly ticketId: string;
    readonly paymentId: string;
    readonly reply: Reply;
  };

  async function begin(): Promise<Begun> {
    const userId = ids.next();
    const ticketId = till.sell(userId);
    const reply = await till.pay(userId, ticketId);
    expect(reply.status).toBe(201);
    return { userId, ticketId, paymentId: String(reply.body['id']), reply };
  }

  const statusOf = async ({ userId, paymentId }: Begun) => (await till.show(userId, paymentId)).body['status'];
  const becomes = (begun: Begun, status: string) =>
    till.until(async () => {
      expect(await statusOf(begun)).toBe(status);
    });
  const factsOf = async ({ paymentId }: Begun, type: string) =>
    (await till.events(type)).filter(({ data }) => 'paymentId' in data && data.paymentId === paymentId);

  /** Of a payment that nobody was told the id of. */
  async function lastIntent(): Promise<{ readonly paymentId: string; readonly providerKey: string }> {
    const intended = (await till.events('PaymentIntended')).at(-1);
    if (intended === undefined) throw new Error('nothing was intended');
    return intended.data as { paymentId: string; providerKey: string };
  }

  /** Pays while nobody takes the provider's message; answers the message. */
  async function payUnheard(begun: Begun, act: 'pay' | 'decline' = 'pay') {
    till.isListening = false;
    const before = till.webhooks.length;
    await till.atProvider(begun.reply, act);
    await till.until(async () => {
      expect(till.webhooks.length).toBeGreaterThan(before);
    });
    const webhook = till.webhooks[before];
    if (webhook === undefined) throw new Error('no webhook');
    return webhook;
  }

  describe('by webhook', () => {
    test('money makes it succeed, and a decline makes it fail', async () => {
      const [paid, declined] = [await begin(), await begin()];
      await till.atProvider(paid.reply, 'pay');
      await till.atProvider(declined.reply, 'decline');
      await becomes(paid, 'succeeded');
      await becomes(declined, 'failed');
      expect(await factsOf(paid, 'PaymentSucceeded')).toMatchObject([{ data: { source: 'webhook', late: false } }]);
      expect((await till.show(paid.userId, paid.paymentId)).body['action']).toBeNull();
    });

    test('that comes 100 times at once, it succeeds once', async () => {
      const begun = await begin();
      const webhook = await payUnheard(begun);
      const statuses = await Promise.all(Array.from({ length: 100 }, () => till.deliver(webhook)));
      expect(new Set(statuses)).toEqual(new Set([204]));
      await becomes(begun, 'succeeded');
      expect(await factsOf(begun, 'PaymentSucceeded')).toHaveLength(1);
    });

    test('that was changed on the way is refused and not kept', async () => {
      const webhook = await payUnheard(await begin());
      const kept = await till.inbox();
      const rawBody = Buffer.from(webhook.rawBody.toString().replace('"amount":350', '"amount":351'));
      expect(rawBody).not.toEqual(webhook.rawBody);
      expect(await till.deliver({ ...webhook, rawBody })).toBe(401);
      expect(await till.inbox()).toEqual(kept);
    });

    test('for a payment that is none of ours is kept and marked', async () => {
      const outcome = await till.provider.create({
        paymentId: ids.next(),
        providerKey: ids.next(),
        amountTyiyn: AMOUNT_TYIYN,
        description: 'somebody else',
        returnUrl: RETURN_URL,
        expiresAtMs: NOON_MS + HOLD_MS,
      });
      if (outcome.kind !== 'requires_action') throw new Error(outcome.kind);
      await fetch(`${outcome.action.url}/pay`, { method: 'POST' });
      await till.until(async () => {
        const marked = (await till.inbox()).filter(({ note }) => note === 'no such payment here');
        expect(marked).toMatchObject([{ applied: true }]);
      });
    });

    test('that was kept when the program died is applied by the job, once', async () => {
      const begun = await begin();
      const webhook = await payUnheard(begun);
      const { database } = till.node;
      const dying = createWebhooks({
        inbox: createWebhookInbox(database),
        payments: createPayments(database),
        recordOutcome: () => Promise.reject(new Error('killed')),
        clock: till.clock,
        onError: () => undefined,
      });
      expect(await dying.receive(till.provider, webhook)).toEqual({ ok: true, value: null });
      expect(await statusOf(begun)).toBe('pending');
      await Promise.all([till.payment.applyKeptWebhooks(10), till.payment.applyKeptWebhooks(10)]);
      expect(await statusOf(begun)).toBe('succeeded');
      expect(await till.payment.applyKeptWebhooks(10)).toBe(0);
      expect(await factsOf(begun, 'PaymentSucceeded')).toHaveLength(1);
    });

    test('with another amount than was asked for is kept for a person and never succeeds', async () => {
      const userId = ids.next();
      const ticketId = till.sell(userId);
      const key = ids.next();
      till.line = 'down';
      await till.pay(userId, ticketId, key);
      till.line = 'up';
      // An order of another amount under our key: what no honest provider has.
      const { paymentId, providerKey } = await lastIntent();
      const order = {
        paymentId,
        providerKey,
        description: 'wrong',
        returnUrl: RETURN_URL,
        expiresAtMs: NOON_MS + HOLD_MS,
      };
      const wrong = await till.provider.create({ ...order, amountTyiyn: AMOUNT_TYIYN / 100n });
      if (wrong.kind !== 'requires_action') throw new Error(wrong.kind);
      expect((await till.pay(userId, ticketId, key)).body).toMatchObject({ id: paymentId, status: 'unknown' });
      await fetch(`${wrong.action.url}/pay`, { method: 'POST' });
      const begun = { userId, ticketId, paymentId, reply: { status: 0, body: {} } };
      await till.until(async () => {
        expect(await factsOf(begun, 'PaymentMismatched')).toMatchObject([{ data: { why: 'amount_differs' } }]);
      });
      expect(await factsOf(begun, 'PaymentSucceeded')).toEqual([]);
      expect(await statusOf(begun)).toBe('unknown');
    });
  });

  describe('by asking', () => {
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

  describe('a refund', () => {
    test('that no provider can make is on record as work for a person, once', async () => {
      const begun = await begin();
      await till.atProvider(begun.reply, 'pay');
      await becomes(begun, 'succeeded');
      const refund = {
        paymentId: begun.paymentId,
        refundId: ids.next(),
        amountTyiyn: AMOUNT_TYIYN,
        reason: 'park_at_capacity',
      };
      const meta = { actor: 'flow:test', correlationId: 'test' };
      await Promise.all([till.payment.requestRefund(refund, meta), till.payment.requestRefund(refund, meta)]);
      await till.payment.requestRefund(refund, meta);
      expect(await factsOf(begun, 'RefundRequested')).toHaveLength(1);
      expect(await factsOf(begun, 'RefundFailed')).toHaveLength(1);
      expect(await statusOf(begun)).toBe('succeeded');
    });
  });

  test('an outcome for a payment that does not exist is a bug', async () => {
    const record = createRecordOutcome({ ...till.node, clock: till.clock });
    const meta = { actor: 'flow:test', correlationId: 'test' };
    await expect(record(ids.next(), { kind: 'expired' }, 'status', meta)).rejects.toThrow('payment_not_found');
  });
});
