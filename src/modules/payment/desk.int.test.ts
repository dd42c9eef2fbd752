import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { NOON_MS, openTill, PARK, type Reply, type Till } from './till.suite.ts';

describeWithDatabase('the desk', () => {
  let till: Till;
  let cashier: string;
  beforeAll(async () => {
    till = await openTill(['elqr']);
  });
  afterAll(() => till.close());
  beforeEach(() => {
    till.clock.set(NOON_MS);
    till.line = 'up';
    cashier = ids.next();
  });

  const post = (url: string, body: object, { key = ids.next(), userId = cashier, parkId = PARK } = {}) =>
    till.asStaff('gate', 'POST', url, { body, key, userId, parkId });
  const open = (float = '1000.00', asked = {}) => post('/gate/shifts', { park_id: PARK, float }, asked);
  const sale = (method: string, more: object = {}) => ({
    park_id: PARK,
    children: [{ age: 5 }],
    adults: 1,
    method,
    ...more,
  });
  const sell = (method = 'cash', more: object = {}, asked = {}) => post('/gate/sales', sale(method, more), asked);
  const shiftOf = async ({ body }: Reply) =>
    (await till.asStaff('manager', 'GET', `/gate/shifts/${String(body['id'])}`)).body;
  const close = (shift: Reply, counted: string, asked = {}) =>
    post(`/gate/shifts/${String(shift.body['id'])}/close`, { counted }, asked);
  const paymentOf = ({ body }: Reply) => body['payment'] as Record<string, unknown>;

  describe('a shift', () => {
    test('is opened with a float, one a person and park, and its close keeps the difference', async () => {
      const shift = await open();
      expect(shift).toMatchObject({ status: 201, body: { status: 'open', float: '1000.00', expected: '1000.00' } });
      expect(await open('5.00')).toMatchObject({
        status: 409,
        body: { code: 'shift_already_open', shift_id: shift.body['id'] },
      });
      expect((await sell()).status).toBe(201);
      expect((await close(shift, '10000000000.00')).status).toBe(400);
      expect(await close(shift, '1349.00')).toMatchObject({
        status: 200,
        body: { status: 'closed', taken: '350.00', expected: '1350.00', counted: '1349.00', difference: '-1.00' },
      });
      expect(await close(shift, '1350.00')).toMatchObject({ status: 409, body: { code: 'shift_closed' } });
      const next = await open();
      expect(next.status).toBe(201);
      // The old one gives up nothing that is not its own.
      await close(shift, '1349.00');
      expect((await open()).body['shift_id']).toBe(next.body['id']);
    });

    test('is seen by its cashier and by supervisors of the park, who may close it', async () => {
      const shift = await open();
      const url = `/gate/shifts/${String(shift.body['id'])}`;
      const list = `/gate/shifts?park_id=${PARK}`;
      expect((await till.asStaff('gate', 'GET', url, { userId: cashier, parkId: PARK })).status).toBe(200);
      expect((await till.asStaff('gate', 'GET', url, { userId: ids.next(), parkId: PARK })).status).toBe(404);
      expect((await till.asStaff('manager', 'GET', url, { parkId: 'another' })).status).toBe(404);
      const own = await till.asStaff('gate', 'GET', list, { userId: cashier, parkId: PARK });
      expect(own.body['items']).toMatchObject([{ id: shift.body['id'] }]);
      const all = await till.asStaff('finance', 'GET', list, { parkId: PARK });
      expect(JSON.stringify(all.body)).toContain(String(shift.body['id']));
      expect((await till.asStaff('gate', 'GET', list, { parkId: 'another' })).status).toBe(403);
      const asManager = { body: { counted: '1000.00' }, parkId: PARK };
      expect((await till.asStaff('manager', 'POST', `${url}/close`, asManager)).status).toBe(200);
    });

    test.each<[body: object, status: number]>([
      [{ float: '1000.00' }, 400],
      ...['-1.00', '01.00', '10000000000.00', 1000].map((float) => [{ park_id: PARK, float }, 400] as [object, number]),
      [{ park_id: 'another', float: '1.00' }, 403],
    ])('is not opened by %j', async (body, status) => {
      expect((await post('/gate/shifts', body)).status).toBe(status);
    });
  });

  describe('a sale', () => {
    test('for cash makes ticket, payment and cash one append', async () => {
      const shift = await open();
      const sold = await sell();
      expect(sold).toMatchObject({
        status: 201,
        body: { status: 'active', user_id: null, price: '350.00', people: 2, admission_code: 'SKY1.code' },
      });
      expect(paymentOf(sold)).toMatchObject({ status: 'succeeded', method: 'cash', amount: '350.00' });
      expect(await shiftOf(shift)).toMatchObject({ taken: '350.00', expected: '1350.00' });
      const [intended, succeeded, taken] = (await till.events()).slice(-3);
      expect([intended?.type, succeeded?.type, taken?.type]).toEqual([
        'PaymentIntended',
        'PaymentSucceeded',
        'CashTaken',
      ]);
      expect(succeeded?.data).toMatchObject({ userId: null, source: 'desk', late: false });
    });

    test('for cash needs an open shift of the caller', async () => {
      expect(await sell()).toMatchObject({ status: 409, body: { code: 'no_open_shift' } });
      await open('1.00', { userId: ids.next() });
      expect((await sell()).status).toBe(409);
    });

    test('by a card at the terminal names its slip and moves no cash', async () => {
      const shift = await open();
      const sold = await sell('elcard_terminal', { terminal_reference: 'slip 17' });
      expect(paymentOf(sold)).toMatchObject({ status: 'succeeded', method: 'elcard_terminal' });
      expect(await shiftOf(shift)).toMatchObject({ taken: '0.00' });
    });

    test('by ELQR waits for its payment, which makes it like any other', async () => {
      const sold = await sell('elqr');
      expect(sold).toMatchObject({ status: 201, body: { status: 'pending_payment', admission_code: null } });
      const payment = paymentOf(sold);
      expect(payment).toMatchObject({ status: 'pending', method: 'elqr', action: { type: 'qr' } });
      await till.atProvider({ status: 201, body: payment }, 'pay');
      await till.until(async () => {
        const shown = await till.asStaff('gate', 'GET', `/payments/${String(payment['id'])}`, { parkId: PARK });
        expect(shown.body['status']).toBe('succeeded');
      });
    });

    test('by ELQR names other ways to pay when the provider is away, and its key resumes', async () => {
      till.line = 'down';
      const key = ids.next();
      expect(await sell('elqr', {}, { key })).toMatchObject({
        status: 503,
        body: { other_methods: ['cash', 'elcard_terminal'] },
      });
      till.line = 'up';
      expect((await sell('elqr', {}, { key })).status).toBe(201);
    });

    test('by ELQR gives its places back at once when the provider is away, and its key sells anew', async () => {
      const key = ids.next();
      const before = new Set(till.givenUp);
      till.line = 'down';
      for (let times = 1; times <= 3; times += 1) {
        expect((await sell('elqr', {}, { key })).status).toBe(503);
        expect(till.givenUp.size).toBe(before.size + times);
      }
      till.line = 'up';
      const sold = await sell('elqr', {}, { key });
      expect(sold).toMatchObject({ status: 201, body: { status: 'pending_payment' } });
      expect(till.givenUp).not.toContain(sold.body['id']);
    });

    test('by ELQR is tried with five tickets under one key, and then needs a new one', async () => {
      const key = ids.next();
      const before = till.givenUp.size;
      till.line = 'down';
      for (let times = 1; times <= 8; times += 1) expect((await sell('elqr', {}, { key })).status).toBe(503);
      expect(till.givenUp.size).toBe(before + 5);
      till.line = 'up';
      expect(await sell('elqr', {}, { key })).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
      expect((await sell('elqr')).status).toBe(201);
    });

    test.each([
      ['open', async () => undefined],
      ['closed', async (shift: Reply) => void (await close(shift, '0.00'))],
    ])('for cash told again says what became of its ticket, with the shift %s', async (_state, doWith) => {
      const shift = await open();
      const asked = { key: ids.next(), userId: cashier, parkId: PARK, body: sale('cash') };
      const first = await till.asStaff('gate', 'POST', '/gate/sales', asked);
      expect(first).toMatchObject({ status: 201, body: { status: 'active' } });
      till.became(String(first.body['id']), 'cancelled');
      await doWith(shift);
      const again = await till.elsewhere.asStaff('gate', 'POST', '/gate/sales', asked);
      expect(again).toMatchObject({ status: 201, body: { id: first.body['id'], status: 'cancelled' } });
    });

    test('by ELQR whose answer is not known keeps its places', async () => {
      const before = till.givenUp.size;
      till.line = 'deaf';
      expect(await sell('elqr')).toMatchObject({ status: 201, body: { payment: { status: 'unknown' } } });
      expect(till.givenUp.size).toBe(before);
    });

    test.each(['cash', 'elqr'])(
      'by %s after a lost answer finds the first one, though the shift is closed',
      async (method) => {
        const shift = await open();
        const asked = { key: ids.next(), userId: cashier, parkId: PARK, body: sale(method) };
        const first = await till.asStaff('gate', 'POST', '/gate/sales', asked);
        expect(first.status).toBe(201);
        await close(shift, '1000.00');
        // The other process knows nothing of the first answer.
        const again = await till.elsewhere.asStaff('gate', 'POST', '/gate/sales', asked);
        expect(again).toEqual(first);
        expect(await shiftOf(shift)).toMatchObject({ taken: method === 'cash' ? '350.00' : '0.00' });
      },
    );

    test('that costs nothing has no payment', async () => {
      await open();
      const sold = await sell('cash', { children: [{ age: 0 }] });
      expect(sold).toMatchObject({ status: 201, body: { status: 'active', payment: null } });
    });

    test('under one key is one sale, whoever repeats it at once', async () => {
      const shift = await open();
      const key = ids.next();
      const answers = await Promise.all(Array.from({ length: 5 }, () => sell('cash', {}, { key })));
      expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
      expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
      expect(await shiftOf(shift)).toMatchObject({ taken: '350.00' });
    });

    test.each([
      ['without a reference', sale('elcard_terminal'), 400],
      ['of cash with a reference', sale('cash', { terminal_reference: 'x' }), 400],
      ['without children', sale('cash', { children: [] }), 400],
      ['of 51 children', sale('cash', { children: Array.from({ length: 51 }, () => ({ age: 5 })) }), 400],
      ['of a negative number of adults', sale('cash', { adults: -1 }), 400],
      ['of half an adult', sale('cash', { adults: 0.5 }), 400],
      ['at a price of the client', sale('cash', { price: '1.00' }), 400],
      ['by another method', sale('barter'), 400],
      ['at another park', sale('cash', { park_id: 'another' }), 403],
    ])('%s is refused', async (_what, body, status) => {
      await open();
      expect((await post('/gate/sales', body)).status).toBe(status);
    });
  });

  test('two devices on one shift lose no sale, and the till agrees with the payments', async () => {
    const shift = await open('0.00');
    const sales = await Promise.all(Array.from({ length: 20 }, () => sell()));
    expect(sales.map(({ status }) => status)).toEqual(sales.map(() => 201));
    expect(await shiftOf(shift)).toMatchObject({ taken: '7000.00' });
    const late = Promise.all(Array.from({ length: 6 }, () => sell()));
    const closed = await close(shift, '7000.00');
    const after = (await late).filter(({ status }) => status === 201).length;
    expect(closed.status).toBe(200);
    expect(await shiftOf(shift)).toMatchObject({ taken: `${7000 + 350 * after}.00` });
  });

  describe('a refund in cash', () => {
    async function owed(amount?: string) {
      const payment = paymentOf(await sell());
      const url = `/payments/${String(payment['id'])}/refunds`;
      const body = { reason: 'ill', ...(amount === undefined ? {} : { amount }) };
      const refund = await till.asStaff('manager', 'POST', url, { body, parkId: PARK });
      expect(refund).toMatchObject({ status: 201, body: { status: 'manual', method: 'cash' } });
      return { payment_id: String(payment['id']), refund_id: String(refund.body['id']) };
    }

    test('is paid out of the till, once', async () => {
      const shift = await open();
      const refund = await owed();
      const paid = await post('/gate/refunds', refund);
      expect(paid).toMatchObject({
        status: 200,
        body: { status: 'succeeded', reference: `shift ${String(shift.body['id'])}` },
      });
      expect(await post('/gate/refunds', refund)).toMatchObject({ status: 409, body: { code: 'refund_not_manual' } });
      expect(await shiftOf(shift)).toMatchObject({ taken: '350.00', paid_out: '350.00', expected: '1000.00' });
      const shown = await till.asStaff('finance', 'GET', `/payments/${refund.payment_id}`);
      expect(shown.body['status']).toBe('refunded');
    });

    test('of two people at two tills at once is paid by one', async () => {
      const shifts = [await open(), await open('1000.00', { userId: 'ffffffff-0000-7000-8000-000000000001' })];
      const refund = await owed('100.00');
      const answers = await Promise.all([
        post('/gate/refunds', refund),
        post('/gate/refunds', refund, { userId: 'ffffffff-0000-7000-8000-000000000001' }),
      ]);
      expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
      const out = await Promise.all(shifts.map(async (shift) => String((await shiftOf(shift))['paid_out'])));
      expect(out.toSorted()).toEqual(['0.00', '100.00']);
    });

    test('needs a shift, and the cash for it', async () => {
      const shift = await open('0.00');
      const refund = await owed();
      await close(shift, '350.00');
      expect(await post('/gate/refunds', refund)).toMatchObject({ body: { code: 'no_open_shift' } });
      await open('349.99');
      expect(await post('/gate/refunds', refund)).toMatchObject({
        status: 409,
        body: { code: 'till_short', cash: '349.99' },
      });
      expect((await post('/gate/refunds', refund, { parkId: 'another' })).status).toBe(404);
    });

    test('is not said to be paid out otherwise', async () => {
      await open();
      const { payment_id: paymentId, refund_id: refundId } = await owed();
      const url = `/payments/${paymentId}/refunds/${refundId}/confirm`;
      const answer = await till.asStaff('finance', 'POST', url, { body: { reference: 'x' } });
      expect(answer).toMatchObject({ status: 409, body: { code: 'refund_not_manual' } });
    });
  });
});
