import { describe, expect, test } from 'vitest';
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
    nodeId: 'hq',
    incarnation: 'one',
  },
};
const context: CommandMeta = { actor: 'flow:purchase', correlationId: 'correlation', causationId: 'event' };

/** What the flow asked of the modules when the ticket answers `refusal`. */
async function told(refusal: string | null, times = 1, event = succeeded) {
  const asked: unknown[] = [];
  const flow = createPurchaseFlow({
    ids,
    settleTicket: async (payment, meta) => {
      asked.push(['settle', payment, meta]);
      return refusal === null ? ok(null) : refuse({ code: refusal });
    },
    requestRefund: async (refund, meta) => void asked.push(['refund', refund, meta]),
  });
  expect(flow.eventTypes).toEqual(['PaymentSucceeded', 'PaymentMismatched']);
  for (let time = 0; time < times; time += 1) await flow.handle(event);
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

describe('money that does not fit', () => {
  const misfit = (data: object): Recorded => ({
    type: 'PaymentMismatched',
    data: {
      paymentId: 'payment',
      ticketId: 'ticket',
      why: 'second_charge',
      expectedTyiyn: 35_000n,
      amountTyiyn: 350n,
      currency: 'KGS',
      providerReference: 'other',
      source: 'webhook',
      noticedAtMs: 5_000,
      ...data,
    },
    meta: succeeded.meta,
  });
  const refund = { paymentId: 'payment', refundId: 'derived refund-of-misfit:event', amountTyiyn: 350n };

  test.each([
    ['second_charge', 'KGS', 'second_charge'],
    ['amount_differs', 'KGS', 'amount_differs'],
    ['amount_differs', 'USD', 'currency_differs'],
  ])('(%s, in %s) goes back as it came because %s, and touches no ticket', async (why, currency, reason) => {
    expect(await told(null, 1, misfit({ why, currency }))).toEqual([['refund', { ...refund, reason }, context]]);
  });

  test('nothing goes back of what is no money', async () => {
    expect(await told(null, 1, misfit({ why: 'told_differently' }))).toEqual([]);
    expect(await told(null, 1, misfit({ amountTyiyn: 0n }))).toEqual([]);
  });
});

test('a refund that fails is not swallowed: the event is told again', async () => {
  const flow = createPurchaseFlow({
    ids,
    settleTicket: async () => refuse({ code: 'day_over' }),
    requestRefund: () => Promise.reject(new Error('store away')),
  });
  await expect(flow.handle(succeeded)).rejects.toThrow('store away');
});
