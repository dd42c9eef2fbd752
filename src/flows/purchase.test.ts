import { expect, test } from 'vitest';
import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import { ok, refuse } from '../kernel/result.ts';
import { createPurchaseFlow } from './purchase.ts';

const ids = { next: () => 'next', derive: (name: string) => `derived ${name}`, secret: () => 'secret' };

const succeeded: Recorded = {
  type: 'PaymentSucceeded',
  data: {
    paymentId: 'payment',
    ticketId: 'ticket',
    userId: 'user',
    amountTyiyn: 35_000n,
    currency: 'KGS',
    providerReference: 'reference',
    source: 'webhook',
    late: false,
    succeededAtMs: 5_000,
  },
  meta: {
    id: 'event',
    streamId: 'payment',
    aggregateType: 'Payment',
    schemaVersion: 1,
    version: 3,
    position: 7,
    parkId: null,
    actor: 'provider:elqr',
    correlationId: 'correlation',
    causationId: null,
    commandId: null,
    occurredAtMs: 5_000,
    recordedAtMs: 6_000,
  },
};
const context: CommandMeta = { actor: 'flow:purchase', correlationId: 'correlation', causationId: 'event' };

/** What the flow asked of the modules when the ticket answers `refusal`. */
async function told(refusal: string | null, times = 1) {
  const asked: unknown[] = [];
  const flow = createPurchaseFlow({
    ids,
    settleTicket: async (payment, meta) => {
      asked.push(['settle', payment, meta]);
      return refusal === null ? ok(null) : refuse({ code: refusal });
    },
    requestRefund: async (refund, meta) => void asked.push(['refund', refund, meta]),
  });
  expect(flow.eventTypes).toEqual(['PaymentSucceeded']);
  for (let time = 0; time < times; time += 1) await flow.handle(succeeded);
  return asked;
}

const settled = ['settle', { ticketId: 'ticket', paymentId: 'payment', paidTyiyn: 35_000n }, context];

test('money settles its ticket with the amount that came', async () => {
  expect(await told(null)).toEqual([settled]);
});

test('money that makes no ticket valid goes back whole, with the reason', async () => {
  const refund = { paymentId: 'payment', amountTyiyn: 35_000n, reason: 'park_at_capacity' };
  expect(await told('park_at_capacity')).toEqual([
    settled,
    ['refund', { ...refund, refundId: 'derived refund-of-unusable:payment' }, context],
  ]);
});

test('told twice, it asks for the same refund', async () => {
  const [, first, , second] = await told('day_over', 2);
  expect(second).toEqual(first);
});

test('a refund that fails is not swallowed: the event is told again', async () => {
  const flow = createPurchaseFlow({
    ids,
    settleTicket: async () => refuse({ code: 'day_over' }),
    requestRefund: () => Promise.reject(new Error('store away')),
  });
  await expect(flow.handle(succeeded)).rejects.toThrow('store away');
});
