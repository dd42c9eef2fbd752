import { describe, expect, test } from 'vitest';
import { createManualClock } from '../infrastructure/clock.ts';
import { createMemoryEventStore } from '../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import { createCommandRunner } from '../kernel/command-runner.ts';
import { createEventCodec, type Recorded } from '../kernel/event-codec.ts';
import { createAdvanceRefund } from '../modules/payment/application/advance-refund.ts';
import {
  createAskForRefund,
  createLastRefundOf,
  createPayOutRefund,
  createRequestRefund,
} from '../modules/payment/application/request-refund.ts';
import { payment } from '../modules/payment/domain/payment.ts';
import { paymentEvents } from '../modules/payment/persistence/events.ts';
import { createRefundFlow } from './refund.ts';

const PRICE_TYIYN = 35_000n;
const meta = { actor: 'system', correlationId: 'test' };
const clock = createManualClock(1_000);
const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
const codec = createEventCodec(paymentEvents, vault);

/** A paid ticket, the flow, and payments as they really are, whose refunds a person pays out. */
async function paidTicket() {
  const store = createMemoryEventStore({ clock });
  const tools = { runner: createCommandRunner({ store, codec, ids, clock }), ids, clock, providers: new Map() };
  const askForRefund = createAskForRefund({ ...tools, advanceRefund: createAdvanceRefund(tools) });
  const payOutRefund = createPayOutRefund(tools);
  const [ticketId, paymentId] = [ids.next(), ids.next()];
  const paymentIds = [paymentId];
  const marked: { readonly paymentId: string; readonly refundId: string }[] = [];
  const flow = createRefundFlow({
    ids,
    requestRefund: createRequestRefund(askForRefund),
    lastRefundOf: createLastRefundOf(tools),
    markRefunded: async (refund) => void marked.push(refund),
    paymentsOf: async () => paymentIds,
  });
  const tell = (type: string, data: object) => flow.handle(recorded(type, { ticketId, paymentId, ...data }));
  const refunds = async (id = paymentId) => (await tools.runner.stateOf(payment, id)).state.refunds;

  async function intend(id: string, amountTyiyn: bigint): Promise<void> {
    const command = { paymentId: id, ticketId, userId: ids.next(), parkId: 'ala-archa', method: 'elqr' } as const;
    const terms = { providerKey: ids.next(), returnUrl: 'http://127.0.0.1/', expiresAtMs: 9_000, nowMs: 1_000 };
    await tools.runner.run(payment, id, { type: 'intend', ...command, ...terms, amountTyiyn }, meta);
  }
  const charge = (amountTyiyn: bigint, id = paymentId) => {
    const told = { currency: 'KGS', providerReference: ids.next(), source: 'webhook', nowMs: 2_000 } as const;
    return tools.runner.run(payment, id, { type: 'confirm', amountTyiyn, ...told }, meta);
  };
  await intend(paymentId, PRICE_TYIYN);
  await charge(PRICE_TYIYN);

  return {
    paymentId,
    marked,
    refunds,
    charge,
    cancel: () => tell('TicketCancelled', { paidTyiyn: PRICE_TYIYN, difference: null, why: 'guest' }),
    /** The ticket was moved to a dearer day by a second payment, and is cancelled then. */
    async cancelDearer(dueTyiyn: bigint): Promise<string> {
      const secondId = ids.next();
      await intend(secondId, dueTyiyn);
      await charge(dueTyiyn, secondId);
      paymentIds.push(secondId);
      const difference = { paymentId: secondId, paidTyiyn: dueTyiyn };
      await tell('TicketCancelled', { paidTyiyn: PRICE_TYIYN + dueTyiyn, difference, why: 'guest' });
      return secondId;
    },
    move: (refundTyiyn: bigint) => tell('TicketMoved', { refundTyiyn }),
    tell,
    amounts: async (id = paymentId) => (await refunds(id)).map(({ amountTyiyn }) => amountTyiyn),
    /** As a manager asks for it. */
    async giveBack(amountTyiyn: bigint | null): Promise<void> {
      const refund = { paymentId, refundId: ids.next(), amountTyiyn, reason: 'goodwill' };
      expect((await askForRefund(refund, meta)).ok).toBe(true);
    },
    /** A person pays the refund out, and the flow hears of it. */
    async payOut(index: number, id = paymentId): Promise<void> {
      const refundId = (await refunds(id))[index]?.refundId ?? '';
      expect((await payOutRefund({ paymentId: id, refundId, reference: 'transfer' }, meta)).ok).toBe(true);
      await tell('RefundSucceeded', { paymentId: id, refundId });
    },
  };
}

const recorded = (type: string, data: object): Recorded => ({
  type,
  data,
  meta: {
    id: ids.next(),
    streamId: ids.next(),
    aggregateType: 'Ticket',
    schemaVersion: 1,
    version: 1,
    position: 1,
    parkId: 'ala-archa',
    actor: 'system',
    correlationId: 'test',
    causationId: null,
    commandId: null,
    occurredAtMs: 0,
    recordedAtMs: 0,
    nodeId: 'hq',
    incarnation: 'one',
  },
});

test('what was paid for a cancelled ticket goes back once, however often it is told', async () => {
  const { cancel, amounts } = await paidTicket();
  await cancel();
  await cancel();
  expect(await amounts()).toEqual([PRICE_TYIYN]);
});

test('what a cheaper day costs less goes back, apart from a later cancellation', async () => {
  const { move, cancel, amounts } = await paidTicket();
  await move(5_000n);
  await cancel();
  expect(await amounts()).toEqual([5_000n, 30_000n]);
});

test('what a new day costs less goes back once the old one is left, and what a dearer one cost when its move is undone; told twice, once', async () => {
  const left = await paidTicket();
  for (let told = 0; told < 2; told += 1) await left.tell('TicketLeftDay', { refundTyiyn: 5_000n });
  expect(await left.amounts()).toEqual([5_000n]);
  const undone = await paidTicket();
  await undone.tell('TicketMoveUndone', { difference: null });
  expect(await undone.amounts()).toEqual([]);
  const difference = { paymentId: undone.paymentId, paidTyiyn: 10_000n };
  for (let told = 0; told < 2; told += 1) await undone.tell('TicketMoveUndone', { difference });
  expect(await undone.amounts()).toEqual([10_000n]);
});

test.each([
  ['cancelled unpaid', 'TicketCancelled', { paymentId: null, paidTyiyn: 0n, difference: null, why: 'guest' }],
  ['moved at the same price', 'TicketMoved', { refundTyiyn: 0n }],
])('nothing goes back for a ticket that is %s', async (_what, type, data) => {
  const { tell, amounts } = await paidTicket();
  await tell(type, data);
  expect(await amounts()).toEqual([]);
});

test('a cancelled ticket hears that its money is out, once all of it is', async () => {
  const { move, cancel, payOut, marked } = await paidTicket();
  await move(5_000n);
  await cancel();
  await payOut(1);
  expect(marked).toEqual([]);
  await payOut(0);
  expect(marked).toHaveLength(1);
});

test('what was paid twice, for the ticket and for a dearer day, goes back twice, and is out once both are', async () => {
  const { cancelDearer, amounts, payOut, marked } = await paidTicket();
  const secondId = await cancelDearer(10_000n);
  expect([await amounts(), await amounts(secondId)]).toEqual([[PRICE_TYIYN], [10_000n]]);
  await payOut(0, secondId);
  expect(marked).toEqual([]);
  await payOut(0);
  expect(marked).toHaveLength(1);
});

describe('when staff had given money back before the ticket was cancelled', () => {
  test('a part of it: the rest goes back, and told again it is the same refund', async () => {
    const { giveBack, cancel, amounts } = await paidTicket();
    await giveBack(10_000n);
    await cancel();
    await cancel();
    expect(await amounts()).toEqual([10_000n, 25_000n]);
  });

  test('all of it and it is out: nothing more goes back, and the ticket hears at once', async () => {
    const { giveBack, cancel, payOut, refunds, marked } = await paidTicket();
    await giveBack(null);
    await payOut(0);
    await cancel();
    const [refund, ...more] = await refunds();
    expect(more).toEqual([]);
    expect(marked.at(-1)).toMatchObject({ refundId: refund?.refundId });
  });

  test('all of it but nobody has paid it out yet: the ticket hears when somebody does', async () => {
    const { giveBack, cancel, payOut, amounts, marked } = await paidTicket();
    await giveBack(null);
    await cancel();
    expect([await amounts(), marked]).toEqual([[PRICE_TYIYN], []]);
    await payOut(0);
    expect(marked).toHaveLength(1);
  });

  test('nearly all of it: a cheaper day gives back what is left', async () => {
    const { giveBack, move, amounts } = await paidTicket();
    await giveBack(33_000n);
    await move(5_000n);
    expect(await amounts()).toEqual([33_000n, 2_000n]);
  });
});

test('money that came besides the price does not go back with the ticket', async () => {
  const { charge, cancel, amounts } = await paidTicket();
  await charge(PRICE_TYIYN);
  await cancel();
  expect(await amounts()).toEqual([PRICE_TYIYN]);
});
