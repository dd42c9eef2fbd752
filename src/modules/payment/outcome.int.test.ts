import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Role } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { ok } from '../../kernel/result.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import { createWebhooks } from './application/receive-webhook.ts';
import type { PaymentProvider } from './contract.ts';
import { createPayers, HOLD_MS, inboxOf } from './payers.suite.ts';
import { createPayments } from './persistence/payments.ts';
import { AMOUNT_TYIYN, NOON_MS, openTill, PARK, type Reply, type Till } from './till.suite.ts';

const NEWEST = statement('test.newest', 'select id from payment.payments order by created_at desc, id desc');
const RETURN_URL = 'http://127.0.0.1/thanks';

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
  const { begin, statusOf, becomes, factsOf, lastIntent, payUnheard } = createPayers(() => till);

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
      const dying = createWebhooks({ ...inboxOf(till), recordOutcome: () => Promise.reject(new Error('killed')) });
      expect(await dying.receive(till.provider, webhook)).toEqual({ ok: true, value: null });
      expect(await statusOf(begun)).toBe('pending');
      await Promise.all([till.payment.applyKeptWebhooks(10), till.payment.applyKeptWebhooks(10)]);
      expect(await statusOf(begun)).toBe('succeeded');
      expect(await till.payment.applyKeptWebhooks(10)).toBe(0);
      expect(await factsOf(begun, 'PaymentSucceeded')).toHaveLength(1);
    });

    test('with another amount than was asked for ends the payment; another one may begin', async () => {
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
      expect(await statusOf(begun)).toBe('failed');
      expect(
        (await createPayments(till.node.database).unsettled(null, 1000, [])).map((one) => one.paymentId),
      ).not.toContain(paymentId);
      expect(await till.pay(userId, ticketId)).toMatchObject({ status: 201, body: { status: 'pending' } });
    });

    test('under an id that told something else before is another message', async () => {
      const begun = await begin();
      const { providerKey } = await lastIntent();
      const eventId = ids.next();
      const money = { amountTyiyn: AMOUNT_TYIYN, currency: 'KGS', paidAtMs: NOON_MS, providerReference: eventId };
      const outcomes = {
        FAILED: { kind: 'failed', reason: 'declined' },
        SUCCEEDED: { kind: 'succeeded', ...money },
      } as const;
      const { receive } = createWebhooks({
        ...inboxOf(till),
        recordOutcome: createRecordOutcome({ ...till.node, clock: till.clock }),
      });
      for (const says of ['FAILED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED'] as const) {
        const notice = { eventId, providerKey, outcome: outcomes[says] };
        const provider: PaymentProvider = { ...till.provider, parseWebhook: () => ok(notice) };
        await receive(provider, { rawBody: Buffer.from(says), headers: {} });
      }
      expect((await till.inbox()).filter((one) => one['event_id'] === eventId)).toMatchObject([
        { note: 'applied' },
        { note: 'applied' },
      ]);
      expect(await factsOf(begun, 'PaymentSucceeded')).toMatchObject([{ data: { late: true } }]);
    });

    test('that cannot be applied is tried again and again, after 20 tries ever more seldom, and never given up', async () => {
      const begun = await begin();
      const webhook = await payUnheard(begun);
      const record = createRecordOutcome({ ...till.node, clock: till.clock });
      let tries = 0;
      let isBroken = true;
      const told: unknown[] = [];
      const webhooks = createWebhooks({
        ...inboxOf(till),
        onError: (error) => void told.push(error),
        recordOutcome(...outcome) {
          tries += 1;
          return isBroken ? Promise.reject(new Error('a bug')) : record(...outcome);
        },
      });
      await webhooks.receive(till.provider, webhook);
      for (let round = 0; round < 30; round += 1) await webhooks.applyKept(100);
      expect(tries).toBe(20);
      for (const [pauseMs, sum] of [
        [4999, 20],
        [1, 21],
        [9999, 21],
        [1, 22],
      ] as const) {
        till.clock.advance(pauseMs);
        await webhooks.applyKept(100);
        expect(tries).toBe(sum);
      }
      for (let round = 0; round < 12; round += 1) {
        till.clock.advance(600_000);
        await webhooks.applyKept(100);
      }
      expect([tries, told.length]).toEqual([34, 34]);
      expect((await till.inbox()).filter(({ applied }) => applied === false)).toMatchObject([{ attempts: 34 }]);
      isBroken = false;
      till.clock.advance(600_000);
      await webhooks.applyKept(100, AbortSignal.abort());
      expect(tries).toBe(34);
      await webhooks.applyKept(100);
      expect(await statusOf(begun)).toBe('succeeded');
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

  describe('the list of payments', () => {
    const list = async (query: string, asked = {}, role: Role = 'finance') =>
      till.asStaff(role, 'GET', `/admin/payments?park_id=${PARK}${query}`, { parkId: PARK, ...asked });
    const idsOf = ({ body }: Reply) => (body['items'] as { id: string }[]).map(({ id }) => id);

    test('names finance what is unknown, and how long it waits', async () => {
      const userId = ids.next();
      const ticketId = till.sell(userId);
      till.line = 'deaf';
      await till.pay(userId, ticketId);
      till.line = 'up';
      const { paymentId, providerKey } = await lastIntent();
      till.clock.advance(90_500);
      const wanted = { id: paymentId, ticket_id: ticketId, status: 'unknown', park_id: PARK, waiting_seconds: 90 };
      for (const query of ['&status=unknown', `&status=unknown&method=elqr&ticket_id=${ticketId}`]) {
        expect((await list(query)).body['items']).toContainEqual(expect.objectContaining(wanted));
      }
      const name = providerKey.replaceAll('-', '');
      const named = [{ paymentId, method: 'elqr', parkId: PARK, names: [name] }];
      expect(await till.payment.paymentsInDoubt(['nobody', name.toUpperCase()])).toEqual(named);
      expect(await till.payment.paymentsInDoubt([ids.next()])).toEqual([]);
      for (const query of ['&status=failed', '&status=unknown&method=cash', `&ticket_id=${ids.next()}`]) {
        expect(idsOf(await list(query))).not.toContain(paymentId);
      }
    });

    test('tells what went back apart from what is paid, for which nobody waits', async () => {
      const begun = await begin();
      await till.atProvider(begun.reply, 'pay');
      await becomes(begun, 'succeeded');
      const [paid] = (await list(`&status=succeeded&ticket_id=${begun.ticketId}`)).body['items'] as object[];
      expect(paid).toMatchObject({ id: begun.paymentId, waiting_seconds: null, action: null });
      const asked = { body: { reason: 'goodwill', amount: '100.00' }, parkId: PARK };
      const refund = await till.asStaff('finance', 'POST', `/payments/${begun.paymentId}/refunds`, asked);
      const confirm = `/payments/${begun.paymentId}/refunds/${String(refund.body['id'])}/confirm`;
      await till.asStaff('finance', 'POST', confirm, { body: { reference: 'transfer 18' }, parkId: PARK });
      expect(idsOf(await list('&status=partially_refunded'))).toContain(begun.paymentId);
      expect(idsOf(await list('&status=succeeded'))).not.toContain(begun.paymentId);
    });

    test('is for managers and finance, within their parks; its pages lead through all, newest first', async () => {
      for (let count = 0; count < 3; count += 1) {
        till.clock.advance(1000);
        await begin();
      }
      expect((await list('', {}, 'manager')).status).toBe(200);
      expect((await list('', { parkId: 'another' })).status).toBe(403);
      expect((await list('', {}, 'gate')).status).toBe(403);
      expect((await till.asStaff('manager', 'GET', '/admin/payments', { parkId: PARK })).status).toBe(403);
      const all = idsOf(await list('&limit=100'));
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await list(`&limit=2${cursor}`);
        seen.push(...idsOf(page));
        const next = page.body['next_cursor'];
        cursor = typeof next === 'string' ? `&cursor=${next}` : '';
      } while (cursor !== '');
      expect(seen).toEqual(all);
      const { rows } = till.node.database;
      const newest = await rows<{ id: string }>(NEWEST, []);
      expect(all).toEqual(newest.map(({ id }) => id));
      expect((await list('&cursor=nonsense')).status).toBe(400);
      expect((await list('&status=lost')).status).toBe(400);
    });
  });

  test('an outcome for a payment that does not exist is a bug', async () => {
    const record = createRecordOutcome({ ...till.node, clock: till.clock });
    const meta = { actor: 'flow:test', correlationId: 'test' };
    await expect(record(ids.next(), { kind: 'expired' }, 'status', meta)).rejects.toThrow('payment_not_found');
  });
});
