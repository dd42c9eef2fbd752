import { expect, test } from 'vitest';
import { systemIds as ids } from '../infrastructure/ids.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import { createRefundFlow } from './refund.ts';

const TICKET = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

const recorded = (type: string, data: object): Recorded => ({
  type,
  data: { ticketId: TICKET, paymentId: 'payment', ...data },
  meta: {
    id: '01936f2e-5b7c-7c3a-9d4e-000000000001',
    streamId: TICKET,
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
  },
});

/** What the flow tells payment and booking, having heard these events. */
async function told(...events: readonly Recorded[]) {
  const refunds: { readonly refundId: string; readonly amountTyiyn: bigint; readonly reason: string }[] = [];
  const marked: string[] = [];
  const flow = createRefundFlow({
    ids,
    requestRefund: async (refund) => void refunds.push(refund),
    markRefunded: async ({ refundId }) => void marked.push(refundId),
  });
  for (const event of events) await flow.handle(event);
  return { refunds, marked };
}

const cancelled = recorded('TicketCancelled', { paidTyiyn: 35_000n, why: 'guest' });
const moved = recorded('TicketMoved', { refundTyiyn: 5_000n });

test('what was paid for a cancelled ticket goes back, under the same id however often it is told', async () => {
  const { refunds } = await told(cancelled, cancelled);
  expect(refunds).toMatchObject([{ amountTyiyn: 35_000n, reason: 'cancelled_by_guest' }, { amountTyiyn: 35_000n }]);
  expect(new Set(refunds.map(({ refundId }) => refundId)).size).toBe(1);
});

test('what a cheaper day costs less goes back, apart from a later cancellation', async () => {
  const { refunds } = await told(moved, cancelled);
  expect(refunds[0]).toMatchObject({ amountTyiyn: 5_000n, reason: 'moved_to_cheaper_day' });
  expect(refunds[0]?.refundId).not.toBe(refunds[1]?.refundId);
});

test.each([
  ['cancelled unpaid', recorded('TicketCancelled', { paymentId: null, paidTyiyn: 0n, why: 'guest' })],
  ['moved at the same price', recorded('TicketMoved', { refundTyiyn: 0n })],
])('nothing goes back for a ticket that is %s', async (_what, event) => {
  expect((await told(event)).refunds).toEqual([]);
});

test('a cancelled ticket hears when its own money is out, and of no other refund', async () => {
  const { refunds } = await told(cancelled, moved);
  const [own, other] = refunds.map(({ refundId }) => refundId);
  const success = (refundId: string | undefined) => recorded('RefundSucceeded', { refundId });
  expect((await told(success(own), success(other), success(ids.next()))).marked).toEqual([own]);
});
