import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { NOON_MS, openTill, PARK, type Till } from './till.suite.ts';

describeWithDatabase('refunds that wait for a till', () => {
  let till: Till;
  let cashier: string;
  beforeAll(async () => {
    till = await openTill(['elqr']);
    cashier = ids.next();
    await post('/gate/shifts', { park_id: PARK, float: '1000.00' });
  });
  afterAll(() => till.close());
  beforeEach(() => till.clock.set(NOON_MS));

  const post = (url: string, body: object) =>
    till.asStaff('gate', 'POST', url, { body, key: ids.next(), userId: cashier, parkId: PARK });
  const waiting = async (more = '', parkId = PARK) => {
    const page = await till.asStaff('gate', 'GET', `/gate/refunds?park_id=${parkId}${more}`, { parkId });
    expect(page.status).toBe(200);
    return page.body as { items: readonly Record<string, unknown>[]; next_cursor: string | null };
  };

  async function sale(method = 'cash') {
    const by = method === 'elcard_terminal' ? { terminal_reference: 'slip 17' } : {};
    const sold = await post('/gate/sales', { park_id: PARK, children: [{ age: 5 }], adults: 1, method, ...by });
    expect(sold.status).toBe(201);
    return { ticketId: String(sold.body['id']), payment: sold.body['payment'] as Record<string, unknown> };
  }
  async function owed(amount: string, method = 'cash') {
    const { ticketId, payment } = await sale(method);
    till.clock.advance(60_000);
    const url = `/payments/${String(payment['id'])}/refunds`;
    const body = { reason: 'the child fell ill', amount };
    const refund = await till.asStaff('manager', 'POST', url, { body, parkId: PARK });
    expect(refund.status).toBe(201);
    return { ticketId, paymentId: String(payment['id']), refundId: String(refund.body['id']), at: refund.body };
  }

  test('are told with their sale, newest first, and say nothing of the guest or the reason', async () => {
    const first = await owed('100.00');
    const second = await owed('50.00');
    const { items, next_cursor: cursor } = await waiting();
    expect([items.map(({ id }) => id), cursor]).toEqual([[second.refundId, first.refundId], null]);
    expect(items[1]).toEqual({
      id: first.refundId,
      payment_id: first.paymentId,
      ticket_id: first.ticketId,
      amount: '100.00',
      created_at: first.at['created_at'],
      sold_for: '350.00',
      sold_at: new Date(NOON_MS).toISOString(),
    });
    const newest = await waiting('&limit=1');
    expect(newest.items.map(({ id }) => id)).toEqual([second.refundId]);
    const older = await waiting(`&limit=1&cursor=${String(newest.next_cursor)}`);
    expect(older.items.map(({ id }) => id)).toEqual([first.refundId]);
    const elsewhere = await till.asStaff('gate', 'GET', `/gate/refunds?park_id=${PARK}&cursor=x`, { parkId: PARK });
    expect(elsewhere.status).toBe(400);
  });

  test('are gone once they are paid out, and are those of cash alone', async () => {
    const card = await owed('70.00', 'elcard_terminal');
    const cash = await owed('20.00');
    const before = (await waiting()).items.map(({ id }) => id);
    expect([before.includes(cash.refundId), before.includes(card.refundId)]).toEqual([true, false]);
    const paid = await post('/gate/refunds', { payment_id: cash.paymentId, refund_id: cash.refundId });
    expect(paid.status).toBe(200);
    expect((await waiting()).items.map(({ id }) => id)).not.toContain(cash.refundId);
  });

  test.each([
    ['gate', PARK, 200],
    ['manager', PARK, 200],
    ['admin', undefined, 200],
    ['gate', 'another', 403],
    ['finance', PARK, 403],
  ] as const)('are read as %s of %s with %i', async (role, parkId, status) => {
    expect(
      (await till.asStaff(role, 'GET', `/gate/refunds?park_id=${PARK}`, parkId === undefined ? {} : { parkId })).status,
    ).toBe(status);
  });

  test('of a park stay at that park', async () => {
    await owed('10.00');
    expect((await waiting('', 'another')).items).toEqual([]);
  });
});
