import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createSettleByStatement, type StatementSays } from './application/settle-by-statement.ts';
import { createWebhooks } from './application/receive-webhook.ts';
import { createRecordOutcome } from './application/record-outcome.ts';
import { createBookProvider } from './book-provider.suite.ts';
import { payment } from './domain/payment.ts';
import { paymentManifest } from './module.ts';
import { createPayments } from './persistence/payments.ts';
import { createWebhookInbox } from './persistence/webhook-inbox.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const meta = { actor: 'user:finance', correlationId: 'test' };
const CANNOT_BE_ASKED = { statusQuery: false, refund: 'none', cancelUnpaid: false, signedWebhook: false } as const;

describeWithDatabase('money that only a statement tells of', () => {
  let opened: ModuleDatabase;
  let nodes: readonly TestNode[] = [];
  beforeAll(async () => {
    opened = await openModuleDatabase(paymentManifest, clock);
    nodes = [await opened.startNode(), await opened.startNode()];
  });
  afterAll(() => opened.close());
  const node = (index = 0): TestNode => {
    const found = nodes[index];
    if (found === undefined) throw new Error('no node');
    return found;
  };

  const keyOf = (paymentId: string): string => `${paymentId.slice(0, 8)}-0000-7000-8000-${paymentId.slice(-12)}`;

  /** A payment that is left to the statement. */
  async function inDoubt(): Promise<string> {
    const paymentId = ids.next();
    const nowMs = clock.now();
    const sale = {
      ticketId: ids.next(),
      userId: ids.next(),
      parkId: 'dordoi',
      amountTyiyn: 35_000n,
      method: 'elqr',
    } as const;
    const order = {
      providerKey: keyOf(paymentId),
      returnUrl: 'https://park.example/',
      nowMs,
      expiresAtMs: nowMs,
    } as const;
    const { runner } = node();
    await runner.run(payment, paymentId, { type: 'intend', paymentId, ...sale, ...order }, meta);
    await runner.run(payment, paymentId, { type: 'leave_to_statement', nowMs }, meta);
    return paymentId;
  }

  const partsOf = (by: number) => ({ runner: node(by).runner, clock });
  const say = (paymentId: string, says: StatementSays, by = 0) => {
    const parts = partsOf(by);
    const { provider } = createBookProvider('elqr', CANNOT_BE_ASKED, clock);
    const settle = createSettleByStatement({
      ...parts,
      providers: new Map([['elqr', provider]]),
      recordOutcome: createRecordOutcome(parts),
    });
    return settle({ paymentId, says }, meta);
  };
  const tell = (paymentId: string, reference: string, by = 0) =>
    say(paymentId, { amountTyiyn: 35_000n, reference }, by);
  /** The message of the provider, as late as it comes. */
  const hear = async (paymentId: string, providerReference: string, by = 0) => {
    const { database } = node(by);
    const payments = createPayments(database);
    const parts = { ...partsOf(by), recordOutcome: createRecordOutcome(partsOf(by)), payments };
    const onError = (error: unknown): never => {
      throw error;
    };
    const { receive } = createWebhooks({ ...parts, inbox: createWebhookInbox(database), onError });
    const { provider } = createBookProvider('elqr', CANNOT_BE_ASKED, clock);
    const money = { amountTyiyn: 35_000n, currency: 'KGS', paidAtMs: clock.now(), providerReference } as const;
    const notice = {
      eventId: ids.next(),
      providerKey: keyOf(paymentId),
      isUnsigned: true,
      outcome: { kind: 'succeeded', ...money },
    } as const;
    const teller = { ...provider, parseWebhook: () => ({ ok: true, value: notice }) as const };
    expect(await receive(teller, { rawBody: Buffer.from(ids.next()), headers: {} })).toMatchObject({ ok: true });
  };
  const eventsOf = async (paymentId: string) => (await node().store.load(paymentId)).events;
  const typesOf = async (paymentId: string) => (await eventsOf(paymentId)).map(({ type }) => type);
  const successesOf = async (...paymentIds: readonly string[]) => {
    const streams = await Promise.all(paymentIds.map((id) => node().store.load(id)));
    return streams.flatMap(({ events }) => events.filter(({ type }) => type === 'PaymentSucceeded'));
  };

  test('is one payment’s money: told of another one too it is refused, and told again it is the same', async () => {
    const [one, other] = [await inDoubt(), await inDoubt()];
    expect(await tell(one, 'elqr-1')).toMatchObject({ ok: true });
    expect(await tell(one, 'elqr-1')).toMatchObject({ ok: true });
    expect(await tell(other, 'elqr-1')).toMatchObject({ ok: false, refusal: { code: 'money_of_another_payment' } });
    expect(await successesOf(one, other)).toHaveLength(1);
    expect(await tell(other, 'elqr-2')).toMatchObject({ ok: true });
  });

  test('is one payment’s money also when two people tell it of two at once', async () => {
    const [one, other] = [await inDoubt(), await inDoubt()];
    const told = await Promise.all([tell(one, 'elqr-3'), tell(other, 'elqr-3', 1)]);
    expect(told.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await successesOf(one, other)).toHaveLength(1);
  });

  test('is one payment’s money also when its message told of it, however the person writes its name', async () => {
    const [one, other] = [await inDoubt(), await inDoubt()];
    await hear(one, 'ELQR-0a-1');
    expect(await tell(other, 'elqr0A1')).toMatchObject({ ok: false, refusal: { code: 'money_of_another_payment' } });
    expect(await tell(other, 'elqr-0a-2')).toMatchObject({ ok: true });
    await hear(one, 'elqr-0a-2');
    expect(await typesOf(one)).toEqual(expect.arrayContaining(['PaymentSucceeded', 'PaymentMismatched']));
  });

  describe('that it does not tell', () => {
    const NOT_PAID = ['PaymentIntended', 'PaymentOutcomeUnknown', 'PaymentExpired'];

    test('ends the payment, once however often it is said', async () => {
      const paymentId = await inDoubt();
      expect(await say(paymentId, null)).toEqual({ ok: true, value: null });
      expect(await say(paymentId, null, 1)).toEqual({ ok: true, value: null });
      expect(await typesOf(paymentId)).toEqual(NOT_PAID);
    });

    test.each([
      ['its message', hear],
      ['another statement', tell],
    ])('is late money when %s tells of it all the same, once, and cannot be taken back', async (_name, learn) => {
      const paymentId = await inDoubt();
      await say(paymentId, null);
      const reference = `late ${paymentId}`;
      await learn(paymentId, reference);
      await learn(paymentId, reference, 1);
      expect(await typesOf(paymentId)).toEqual([...NOT_PAID, 'PaymentSucceeded']);
      expect(await eventsOf(paymentId)).toContainEqual(
        expect.objectContaining({ type: 'PaymentSucceeded', data: expect.objectContaining({ late: true }) }),
      );
      expect(await say(paymentId, null)).toMatchObject({ ok: false, refusal: { code: 'payment_not_in_doubt' } });
    });

    test('loses no money that comes at the very moment', async () => {
      for (let round = 0; round < 10; round += 1) {
        const paymentId = await inDoubt();
        await Promise.all([say(paymentId, null), hear(paymentId, `at once ${round}`, 1)]);
        expect((await typesOf(paymentId)).filter((type) => type === 'PaymentSucceeded')).toHaveLength(1);
      }
    });
  });
});
