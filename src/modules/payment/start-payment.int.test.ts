import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { routeFaults } from '../../infrastructure/http/route-faults.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import { AMOUNT_TYIYN, NOON_MS, openTill, PARK, type Reply, type Till } from './till.suite.ts';

describeWithDatabase('a payment begins', () => {
  let till: Till;
  beforeAll(async () => {
    till = await openTill();
  });
  afterAll(() => till.close());
  beforeEach(() => {
    till.clock.set(NOON_MS);
    till.line = 'up';
    till.beforeCall = async () => undefined;
  });

  /** Facts about payments of one ticket, in order. */
  async function historyOf(ticketId: string): Promise<readonly string[]> {
    const all = await till.events();
    const own = new Set(
      all.flatMap(({ data }) => ('ticketId' in data && data.ticketId === ticketId ? [idOf(data)] : [])),
    );
    return all.flatMap(({ type, data }) => (own.has(idOf(data)) ? [type] : []));
  }
  const idOf = (data: object): unknown => ('paymentId' in data ? data.paymentId : undefined);
  const keysAskedFor = async (ticketId: string) =>
    (await till.events('PaymentIntended')).flatMap(({ data }) =>
      'ticketId' in data && data.ticketId === ticketId && 'providerKey' in data ? [data.providerKey] : [],
    );

  function fresh() {
    const userId = ids.next();
    return { userId, ticketId: till.sell(userId) };
  }

  test('the routes are declared by the rules of the API', () => {
    expect(routeFaults(till.payment.routes)).toEqual([]);
  });

  test('the payer gets what to do, for the price of the ticket until the hold ends', async () => {
    const { userId, ticketId } = fresh();
    const begun = await till.pay(userId, ticketId);
    expect(begun).toMatchObject({
      status: 201,
      body: {
        ticket_id: ticketId,
        status: 'pending',
        amount: '350.00',
        currency: 'KGS',
        method: 'elqr',
        action: { type: 'qr', expires_at: '2026-12-05T06:25:00.000Z' },
      },
    });
    expect((await till.show(userId, String(begun.body['id']))).body).toEqual(begun.body);
  });

  test('the intent is stored before the provider hears of it', async () => {
    const { userId, ticketId } = fresh();
    const seen: (readonly string[])[] = [];
    till.beforeCall = async () => void seen.push(await historyOf(ticketId));
    expect((await till.pay(userId, ticketId)).status).toBe(201);
    expect(seen).toEqual([['PaymentIntended']]);
    expect(await historyOf(ticketId)).toEqual(['PaymentIntended', 'PaymentActionIssued']);
  });

  test('a ticket of somebody else is not found, and nothing is stored', async () => {
    const { ticketId } = fresh();
    expect(await till.pay(ids.next(), ticketId)).toMatchObject({ status: 404, body: { code: 'ticket_not_found' } });
    expect(await historyOf(ticketId)).toEqual([]);
  });

  test('a payment is shown to its owner only', async () => {
    const { userId, ticketId } = fresh();
    const { body } = await till.pay(userId, ticketId);
    expect(await till.show(ids.next(), String(body['id']))).toMatchObject({
      status: 404,
      body: { code: 'payment_not_found' },
    });
  });

  test('staff of its park and of all parks see it as well, those of another park do not', async () => {
    const { userId, ticketId } = fresh();
    const paymentId = String((await till.pay(userId, ticketId)).body['id']);
    for (const role of ['gate', 'manager', 'finance', 'admin'] as const) {
      expect((await till.show(ids.next(), paymentId, role)).status).toBe(200);
      expect((await till.show(ids.next(), paymentId, role, PARK)).status).toBe(200);
      expect((await till.show(ids.next(), paymentId, role, 'another-park')).status).toBe(404);
    }
  });

  test('asked for ten times at once under ten keys in two processes, there is one payment to pay', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { userId, ticketId } = fresh();
      const asking = Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? till : till.elsewhere).pay(userId, ticketId),
      );
      const replies = await Promise.all(asking);
      const history = await historyOf(ticketId);
      expect(history.filter((type) => type === 'PaymentIntended')).toHaveLength(1);
      expect(history.filter((type) => type === 'PaymentActionIssued')).toHaveLength(1);
      expect(replies.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
      const named = replies.map(({ status, body }) => (status === 201 ? body['id'] : body['payment_id']));
      expect(new Set(named).size).toBe(1);
      expect(named[0]).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('when one ends, the next may begin, and late money of the first leaves the second alone', async () => {
    const { userId, ticketId } = fresh();
    const first = await till.pay(userId, ticketId);
    const firstId = String(first.body['id']);
    const record = createRecordOutcome({ ...till.node, clock: till.clock });
    const meta = { actor: 'flow:test', correlationId: 'test' };
    await record(firstId, { kind: 'failed', reason: 'declined' }, 'webhook', meta);
    const second = await till.pay(userId, ticketId);
    expect(second.status).toBe(201);
    const { body } = second;
    const money = { kind: 'succeeded', amountTyiyn: AMOUNT_TYIYN, currency: 'KGS', providerReference: 'bank' } as const;
    await record(firstId, money, 'status', meta);
    expect((await till.show(userId, firstId)).body['status']).toBe('succeeded');
    const owner = () => till.node.store.ownerOf('open-payment', `${ticketId}/elqr`);
    expect(await owner()).toBe(body['id']);
    await record(String(body['id']), { kind: 'expired' }, 'status', meta);
    expect(await owner()).toBeNull();
  });

  test('a second one for the same ticket is refused while the first can be paid, and names it', async () => {
    const { userId, ticketId } = fresh();
    const first = await till.pay(userId, ticketId);
    expect(await till.pay(userId, ticketId)).toMatchObject({
      status: 409,
      body: { code: 'payment_in_progress', payment_id: first.body['id'] },
    });
  });

  test('a method that nobody offers is unavailable, and the others are named', async () => {
    const { userId, ticketId } = fresh();
    expect(await till.pay(userId, ticketId, ids.next(), { method: 'elcard' })).toMatchObject({
      status: 503,
      body: { code: 'provider_unavailable', other_methods: ['elqr'] },
    });
  });

  describe('the program dies', () => {
    test.each([
      ['before the call leaves', false],
      ['after the provider acted', true],
    ])('%s: the repeated request goes on with the same payment and the same key', async (_when, hasActed) => {
      const { userId, ticketId } = fresh();
      const key = ids.next();
      let kill = true;
      const { create } = till.provider;
      // Nothing after the intent is stored, as if the process had ended here.
      till.provider.create = async (request) => {
        if (kill && !hasActed) throw new Error('killed');
        const outcome = await create(request);
        if (kill) throw new Error('killed');
        return outcome;
      };
      expect((await till.pay(userId, ticketId, key)).status).toBe(500);
      expect(await historyOf(ticketId)).toEqual(['PaymentIntended']);
      kill = false;
      expect(await till.pay(userId, ticketId, key)).toMatchObject({ status: 201, body: { status: 'pending' } });
      till.provider.create = create;
      expect(await historyOf(ticketId)).toEqual(['PaymentIntended', 'PaymentActionIssued']);
      expect(await keysAskedFor(ticketId)).toHaveLength(1);
    });
  });

  describe('the provider is away', () => {
    test('the answer is 503 and names no method that does not exist; the same key works when it is back', async () => {
      const { userId, ticketId } = fresh();
      const key = ids.next();
      till.line = 'down';
      expect(await till.pay(userId, ticketId, key)).toMatchObject({
        status: 503,
        body: { code: 'provider_unavailable', other_methods: [] },
      });
      till.line = 'up';
      expect(await till.pay(userId, ticketId, key)).toMatchObject({ status: 201, body: { status: 'pending' } });
    });

    test('a later try with a new key works, and goes on with what was begun', async () => {
      const { userId, ticketId } = fresh();
      till.line = 'down';
      await till.pay(userId, ticketId);
      await till.pay(userId, ticketId);
      till.line = 'up';
      expect(await till.pay(userId, ticketId)).toMatchObject({ status: 201, body: { status: 'pending' } });
      expect(await historyOf(ticketId)).toEqual(['PaymentIntended', 'PaymentActionIssued']);
    });

    test('the same key for another ticket is another payment', async () => {
      const one = fresh();
      const otherTicket = till.sell(one.userId);
      const key = ids.next();
      till.line = 'down';
      await till.pay(one.userId, one.ticketId, key);
      till.line = 'up';
      expect((await till.pay(one.userId, otherTicket, key)).body).toMatchObject({ ticket_id: otherTicket });
      expect(await historyOf(one.ticketId)).toEqual(['PaymentIntended']);
    });

    test('nothing is begun at the provider once the hold is over', async () => {
      const { userId, ticketId } = fresh();
      const key = ids.next();
      till.line = 'down';
      await till.pay(userId, ticketId, key);
      till.line = 'up';
      till.clock.advance(25 * 60_000);
      expect(await till.pay(userId, ticketId, key)).toMatchObject({
        status: 409,
        body: { code: 'ticket_not_payable', ticket_status: 'expired' },
      });
    });

    test('an order that the provider refuses for good ends the payment; the next one is new', async () => {
      const { userId, ticketId } = fresh();
      const { create } = till.provider;
      till.provider.create = async () => ({ kind: 'failed', reason: 'provider_refused_400', retryable: false });
      expect(await till.pay(userId, ticketId)).toMatchObject({ status: 503 });
      till.provider.create = create;
      expect((await till.pay(userId, ticketId)).status).toBe(201);
      expect(await historyOf(ticketId)).toEqual([
        'PaymentIntended',
        'PaymentFailed',
        'PaymentIntended',
        'PaymentActionIssued',
      ]);
    });
  });

  describe('the answer of the provider is lost', () => {
    async function lost(): Promise<{ userId: string; ticketId: string; key: string; reply: Reply }> {
      const key = ids.next();
      const { userId, ticketId } = fresh();
      till.line = 'deaf';
      const reply = await till.pay(userId, ticketId, key, { return_url: 'http://127.0.0.1/mine' });
      till.line = 'up';
      return { userId, ticketId, key, reply };
    }

    test('the payment is unknown, not failed', async () => {
      const { reply, ticketId } = await lost();
      expect(reply).toMatchObject({ status: 201, body: { status: 'unknown', action: null } });
      expect(await historyOf(ticketId)).toEqual(['PaymentIntended', 'PaymentOutcomeUnknown']);
    });

    test('the same key is no answer for ever: it gets the order that exists', async () => {
      const { userId, ticketId, key, reply } = await lost();
      const again = await till.pay(userId, ticketId, key, { return_url: 'http://127.0.0.1/mine' });
      expect(again).toMatchObject({ status: 201, body: { id: reply.body['id'], status: 'pending' } });
    });

    test('that the provider refuses a later call proves nothing: the payment stays unknown', async () => {
      const { userId, ticketId, key } = await lost();
      const { create } = till.provider;
      till.provider.create = async () => ({ kind: 'failed', reason: 'provider_refused_400', retryable: false });
      const body = { return_url: 'http://127.0.0.1/mine' };
      expect(await till.pay(userId, ticketId, key, body)).toMatchObject({ status: 201, body: { status: 'unknown' } });
      till.provider.create = create;
      expect((await till.pay(userId, ticketId, key, body)).body).toMatchObject({ status: 'pending' });
      expect(await historyOf(ticketId)).toEqual(['PaymentIntended', 'PaymentOutcomeUnknown', 'PaymentActionIssued']);
    });

    test('whoever tries again, wherever the payer is to return to, gets the order that exists', async () => {
      const { userId, ticketId, reply } = await lost();
      const again = await till.pay(userId, ticketId, ids.next(), { return_url: 'http://127.0.0.1/other' });
      expect(again).toMatchObject({ status: 201, body: { id: reply.body['id'], status: 'pending' } });
      expect(again.body['action']).not.toBeNull();
      expect(await keysAskedFor(ticketId)).toHaveLength(1);
      await till.atProvider(again, 'pay');
      await till.until(async () => {
        expect((await till.show(userId, String(reply.body['id']))).body['status']).toBe('succeeded');
      });
    });

    test('two who try again at once get the same order', async () => {
      const { userId, ticketId } = await lost();
      const replies = await Promise.all([till.pay(userId, ticketId), till.pay(userId, ticketId)]);
      const actions = replies.flatMap(({ body }) => (body['action'] === undefined ? [] : [body['action']]));
      expect(new Set(actions.map((action) => JSON.stringify(action))).size).toBe(1);
      expect((await historyOf(ticketId)).filter((type) => type === 'PaymentActionIssued')).toHaveLength(1);
    });
  });
});
