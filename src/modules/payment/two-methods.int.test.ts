import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { AMOUNT_TYIYN, NOON_MS, openTill, PARK, type Reply, type Till } from './till.suite.ts';

describeWithDatabase('a till that takes ELQR and ElCard', () => {
  let till: Till;
  beforeAll(async () => {
    till = await openTill(['elqr', 'elcard']);
  });
  afterAll(() => till.close());
  beforeEach(() => {
    till.clock.set(NOON_MS);
    till.line = 'up';
    till.isListening = true;
  });

  const byCard = (userId: string, ticketId: string, key = ids.next()) =>
    till.pay(userId, ticketId, key, { method: 'elcard' });

  /** Polls until the payment is no longer open. */
  async function settled({ body }: Reply, userId: string): Promise<Reply> {
    till.clock.advance(10_000);
    await till.payment.pollPayments(1000);
    return till.show(userId, String(body['id']));
  }

  /** A card payment that succeeded. */
  async function paid(act: 'pay' | 'decline' = 'pay') {
    const userId = ids.next();
    const ticketId = till.sell(userId);
    const reply = await byCard(userId, ticketId);
    expect(reply.status).toBe(201);
    await till.atProvider(reply, act);
    return { userId, ticketId, paymentId: String(reply.body['id']), shown: await settled(reply, userId) };
  }

  const factsOf = async (paymentId: string, type: string) =>
    (await till.events(type)).filter(({ data }) => 'paymentId' in data && data.paymentId === paymentId);

  const refundsOf = async (paymentId: string) =>
    (await till.asStaff('finance', 'GET', `/payments/${paymentId}/refunds`)).body['items'] as Record<string, unknown>[];

  describe('by card', () => {
    test('the money of a ticket is told payment by payment, with what of each goes back', async () => {
      const { ticketId, paymentId } = await paid();
      const body = { amount: '100.00', reason: 'goodwill' };
      await till.asStaff('admin', 'POST', `/payments/${paymentId}/refunds`, { body });
      const told = async () => (await till.payment.moneyOfTicket(ticketId))[0];
      expect(await till.payment.moneyOfTicket(ticketId)).toMatchObject([
        { paymentId, method: 'elcard', amountTyiyn: AMOUNT_TYIYN, receivedAtMs: till.clock.now() },
      ]);
      expect((await told())?.refunds).toMatchObject([{ amountTyiyn: 10_000n, status: 'requested', reference: null }]);
      await till.payment.followRefunds(1000);
      const [refund] = (await told())?.refunds ?? [];
      expect(refund).toMatchObject({ status: 'succeeded' });
      expect(refund?.reference).not.toBeNull();
    });

    test('a ticket that nobody paid has no money', async () => {
      const { ticketId } = await paid('decline');
      expect(await till.payment.moneyOfTicket(ticketId)).toEqual([]);
    });

    test('the payer is sent to the bank’s page, and the money is found by asking', async () => {
      const { shown, paymentId } = await paid();
      expect(shown.body).toMatchObject({ status: 'succeeded', method: 'elcard', amount: '350.00' });
      expect(await factsOf(paymentId, 'PaymentSucceeded')).toMatchObject([{ data: { source: 'status', late: false } }]);
    });

    test('a decline ends the payment', async () => {
      expect((await paid('decline')).shown.body).toMatchObject({ status: 'failed' });
    });

    test('an answer that was lost is resumed under the same key with the same order', async () => {
      // So that a token is at hand and the order's answer is what is lost.
      await paid();
      const userId = ids.next();
      const ticketId = till.sell(userId);
      const key = ids.next();
      till.line = 'deaf';
      expect(await byCard(userId, ticketId, key)).toMatchObject({ status: 201, body: { status: 'unknown' } });
      till.line = 'up';
      const first = await byCard(userId, ticketId, key);
      expect(first).toMatchObject({ status: 201, body: { status: 'pending', action: { type: 'redirect' } } });
    });

    test('money after the end is late and still counts', async () => {
      const userId = ids.next();
      const reply = await byCard(userId, till.sell(userId));
      await till.atProvider(reply, 'pay');
      till.clock.set(NOON_MS + 30 * 60_000);
      const shown = await settled(reply, userId);
      expect(shown.body['status']).toBe('succeeded');
    });

    test('it sends no messages, so whatever comes as one is refused', async () => {
      const headers = { 'content-type': 'application/json' };
      expect(await till.deliver({ rawBody: Buffer.from('{}'), headers }, 'elcard')).toBe(401);
    });
  });

  test('a provider that does not answer is 503 and names the other method', async () => {
    const userId = ids.next();
    const ticketId = till.sell(userId);
    till.line = 'down';
    expect(await byCard(userId, ticketId)).toMatchObject({
      status: 503,
      body: { code: 'provider_unavailable', other_methods: ['elqr'] },
    });
    expect(await till.pay(userId, ticketId)).toMatchObject({ status: 503, body: { other_methods: ['elcard'] } });
  });

  test('both methods paid at once are two payments that succeeded, for the purchase to keep one', async () => {
    const userId = ids.next();
    const ticketId = till.sell(userId);
    const [card, qr] = await Promise.all([byCard(userId, ticketId), till.pay(userId, ticketId)]);
    await Promise.all([till.atProvider(card, 'pay'), till.atProvider(qr, 'pay')]);
    await till.until(async () => {
      expect((await till.show(userId, String(qr.body['id']))).body['status']).toBe('succeeded');
    });
    expect((await settled(card, userId)).body['status']).toBe('succeeded');
    const listed = await till.asStaff('finance', 'GET', `/tickets/${ticketId}/payments`);
    expect(listed.body['items']).toHaveLength(2);
  });

  describe('the payments of a ticket', () => {
    test('are shown to its owner and to staff of its park', async () => {
      const { userId, ticketId, paymentId } = await paid();
      const url = `/tickets/${ticketId}/payments`;
      expect((await till.asStaff('guest', 'GET', url, { userId })).body['items']).toMatchObject([{ id: paymentId }]);
      expect((await till.asStaff('gate', 'GET', url, { parkId: PARK })).status).toBe(200);
      expect((await till.asStaff('gate', 'GET', url, { parkId: 'another' })).status).toBe(404);
      expect((await till.asStaff('guest', 'GET', url)).status).toBe(404);
      expect((await till.asStaff('admin', 'GET', `/tickets/${ids.next()}/payments`)).status).toBe(404);
    });
  });

  describe('a refund', () => {
    const ask = (paymentId: string, body: object, asked: { parkId?: string; key?: string } = {}) =>
      till.asStaff('manager', 'POST', `/payments/${paymentId}/refunds`, {
        body: { reason: 'goodwill', ...body },
        ...asked,
      });

    test('of a part goes back through the bank, then the rest', async () => {
      const { userId, paymentId } = await paid();
      const first = await ask(paymentId, { amount: '100.00' }, { parkId: PARK });
      expect(first).toMatchObject({ status: 201, body: { status: 'requested', amount: '100.00', park_id: PARK } });
      await till.payment.followRefunds(100);
      expect((await till.show(userId, paymentId)).body['status']).toBe('partially_refunded');
      till.clock.advance(1);
      expect((await ask(paymentId, {})).body).toMatchObject({ amount: '250.00' });
      await till.payment.followRefunds(100);
      expect((await till.show(userId, paymentId)).body['status']).toBe('refunded');
      expect(await refundsOf(paymentId)).toMatchObject([
        { status: 'succeeded', amount: '100.00' },
        { status: 'succeeded', amount: '250.00' },
      ]);
      expect(await ask(paymentId, {})).toMatchObject({
        status: 409,
        body: { code: 'refund_exceeds_payment', refundable: '0.00' },
      });
    });

    test('keeps the words of staff sealed, under the key of the guest', async () => {
      const { userId, paymentId } = await paid();
      const reason = 'Aibek has a fever';
      expect((await ask(paymentId, { reason })).body['reason']).toBe(reason);
      expect(await refundsOf(paymentId)).toMatchObject([{ reason }]);
      const [requested] = await factsOf(paymentId, 'RefundRequested');
      expect(requested?.data).toMatchObject({ reason: 'asked_by_staff', subjectId: userId });
      const kept = JSON.stringify([await till.events(), await till.opened.rows()], (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(kept).not.toContain(reason);
    });

    test('whose answer was lost is found at the bank and made once', async () => {
      const { paymentId } = await paid();
      const { body } = await ask(paymentId, { amount: '50.00' });
      till.line = 'deaf';
      await till.payment.followRefunds(100);
      expect(await refundsOf(paymentId)).toMatchObject([{ id: body['id'], status: 'unknown' }]);
      till.line = 'up';
      till.clock.advance(6000);
      await till.payment.followRefunds(100);
      expect(await refundsOf(paymentId)).toMatchObject([{ status: 'succeeded' }]);
      expect(await factsOf(paymentId, 'RefundSucceeded')).toHaveLength(1);
    });

    test('under one key is one refund, and the answer is repeated', async () => {
      const { paymentId } = await paid();
      const key = ids.next();
      const answers = [
        await ask(paymentId, { amount: '10.00' }, { key }),
        await ask(paymentId, { amount: '10.00' }, { key }),
      ];
      expect(answers[0]).toEqual(answers[1]);
      expect(await refundsOf(paymentId)).toHaveLength(1);
      expect((await ask(paymentId, { amount: '11.00' }, { key })).status).toBe(422);
    });

    test.each([
      [{ amount: '350.01' }, 409, 'refund_exceeds_payment'],
      [{ amount: '0.00' }, 400, 'validation_failed'],
      [{ amount: '-1.00' }, 400, 'validation_failed'],
      [{ amount: '1.5' }, 400, 'validation_failed'],
      [{ amount: 100 }, 400, 'validation_failed'],
      [{ amount: '99999999999999.00' }, 400, 'validation_failed'],
      [{ reason: '' }, 400, 'validation_failed'],
      [{ currency: 'USD' }, 400, 'validation_failed'],
    ])('of %j is refused with %s %s and nothing is stored', async (body, status, code) => {
      const { paymentId } = await paid();
      expect(await ask(paymentId, body)).toMatchObject({ status, body: { code } });
      expect(await refundsOf(paymentId)).toEqual([]);
    });

    test('is for managers and finance of the park; of an unpaid payment there is none', async () => {
      const { paymentId } = await paid();
      expect((await ask(paymentId, {}, { parkId: 'another' })).status).toBe(404);
      const asGuest = { body: { reason: 'please' } };
      expect((await till.asStaff('guest', 'POST', `/payments/${paymentId}/refunds`, asGuest)).status).toBe(403);
      expect((await till.asStaff('gate', 'GET', `/payments/${paymentId}/refunds`)).status).toBe(403);
      const userId = ids.next();
      const open = await byCard(userId, till.sell(userId));
      expect(await ask(String(open.body['id']), {})).toMatchObject({
        status: 409,
        body: { code: 'payment_not_refundable' },
      });
    });
  });

  describe('a refund that no provider makes', () => {
    async function manual() {
      const userId = ids.next();
      const reply = await till.pay(userId, till.sell(userId));
      const paymentId = String(reply.body['id']);
      await till.atProvider(reply, 'pay');
      await till.until(async () => {
        expect((await till.show(userId, paymentId)).body['status']).toBe('succeeded');
      });
      const refund = { paymentId, refundId: ids.next(), amountTyiyn: AMOUNT_TYIYN, reason: 'day_over' };
      await till.payment.requestRefund(refund, { actor: 'flow:test', correlationId: 'test' });
      return { userId, ...refund, confirmUrl: `/payments/${paymentId}/refunds/${refund.refundId}/confirm` };
    }
    const body = { reference: 'transfer 17' };

    test('is listed for finance, and over once they say how they paid it out', async () => {
      const { userId, paymentId, refundId, confirmUrl } = await manual();
      const list = async (asked = {}) =>
        (await till.asStaff('finance', 'GET', `/admin/refunds?status=manual&park_id=${PARK}`, asked)).body['items'];
      expect(await list({ parkId: PARK })).toContainEqual(
        expect.objectContaining({ id: refundId, status: 'manual', failure: 'the provider offers no refunds' }),
      );
      const confirmed = await till.asStaff('finance', 'POST', confirmUrl, { body, parkId: PARK });
      expect(confirmed).toMatchObject({ status: 200, body: { status: 'succeeded', reference: 'transfer 17' } });
      expect((await till.show(userId, paymentId)).body['status']).toBe('refunded');
      expect(JSON.stringify(await list())).not.toContain(refundId);
      expect((await till.asStaff('finance', 'POST', confirmUrl, { body })).status).toBe(409);
      expect(await factsOf(paymentId, 'RefundSucceeded')).toHaveLength(1);
    });

    test('is not for managers, nor for finance of another park', async () => {
      const { confirmUrl } = await manual();
      expect((await till.asStaff('manager', 'POST', confirmUrl, { body })).status).toBe(403);
      expect((await till.asStaff('finance', 'POST', confirmUrl, { body, parkId: 'another' })).status).toBe(404);
      expect((await till.asStaff('finance', 'GET', '/admin/refunds', { parkId: PARK })).status).toBe(403);
    });

    test('while the provider is at it, nobody else pays it out', async () => {
      const { paymentId } = await paid();
      const asked = { body: { reason: 'goodwill' } };
      const refund = await till.asStaff('admin', 'POST', `/payments/${paymentId}/refunds`, asked);
      const confirmUrl = `/payments/${paymentId}/refunds/${String(refund.body['id'])}/confirm`;
      expect(await till.asStaff('finance', 'POST', confirmUrl, { body })).toMatchObject({
        status: 409,
        body: { code: 'refund_not_manual' },
      });
      const unknown = `/payments/${paymentId}/refunds/${ids.next()}/confirm`;
      expect((await till.asStaff('finance', 'POST', unknown, { body })).status).toBe(404);
    });

    test('pages of the list lead through all of them, newest first', async () => {
      for (let count = 0; count < 3; count += 1) await manual();
      const seen: unknown[] = [];
      let cursor = '';
      do {
        const page = await till.asStaff('finance', 'GET', `/admin/refunds?limit=2${cursor}`);
        seen.push(...(page.body['items'] as { id: string }[]).map(({ id }) => id));
        const next = page.body['next_cursor'];
        cursor = typeof next === 'string' ? `&cursor=${next}` : '';
      } while (cursor !== '');
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBeGreaterThanOrEqual(3);
      expect((await till.asStaff('finance', 'GET', '/admin/refunds?cursor=nonsense')).status).toBe(400);
    });
  });
});
