import { expect, test } from 'vitest';
import type { Recorded } from '../kernel/event-codec.ts';
import type { OutsideFact } from '../modules/office/contract.ts';
import { createTellOutsideFlow } from './tell-outside.ts';

const event = (type: string, data: object, parkId: string | null = null): Recorded => ({
  type,
  data,
  meta: {
    id: 'event',
    streamId: 'stream',
    aggregateType: 'Thing',
    schemaVersion: 1,
    version: 1,
    position: 7,
    parkId,
    actor: 'system',
    correlationId: 'correlation',
    causationId: null,
    commandId: null,
    occurredAtMs: 5_000,
    recordedAtMs: 6_000,
    nodeId: 'hq',
    incarnation: 'one',
  },
});

async function toldOf(happened: Recorded): Promise<readonly OutsideFact[]> {
  const told: OutsideFact[] = [];
  await createTellOutsideFlow(async (fact) => void told.push(fact)).handle(happened);
  return told;
}

const ticket = { ticketId: 't', userId: 'u', parkId: 'ala-archa', visitDate: '2026-12-05', places: 3 };
const refund = { refundId: 'r', paymentId: 'p', ticketId: 't', amountTyiyn: 35_050n };

test.each([
  [
    'TicketActivated',
    { ...ticket, paymentId: 'p', paidTyiyn: 35_000n },
    'ticket.activated',
    { people: 3, paid: '350.00' },
  ],
  ['TicketCancelled', { ...ticket, why: 'guest', paidTyiyn: 0n, reason: 'ill' }, 'ticket.cancelled', { why: 'guest' }],
  ['TicketRefunded', { ...ticket, refundId: 'r' }, 'ticket.refunded', { refund_id: 'r' }],
  ['TicketExpired', ticket, 'ticket.expired', { people: 3 }],
  ['PeopleAdmitted', { ...ticket, people: 2, remaining: 1 }, 'visit.admitted', { people: 2, remaining: 1 }],
  ['PaymentSucceeded', { ...refund, currency: 'KGS' }, 'payment.succeeded', { amount: '350.50', currency: 'KGS' }],
  ['RefundSucceeded', refund, 'refund.succeeded', { amount: '350.50', refund_id: 'r' }],
])('%s is told under the event’s id, and of nobody', async (type, data, topic, expected) => {
  const [fact, ...more] = await toldOf(event(type, data, 'ala-archa'));
  expect(more).toEqual([]);
  expect(fact).toMatchObject({ eventId: 'event', topic, parkId: 'ala-archa', occurredAtMs: 5_000, data: expected });
  expect(JSON.stringify(fact)).not.toMatch(/"u"|ill/);
});

test('what is nobody else’s business is not told', async () => {
  expect(await toldOf(event('UserRegistered', {}))).toEqual([]);
});
