import { describe, expect, test } from 'vitest';
import type { Recorded } from '../kernel/event-codec.ts';
import { createPointsOfTicketsFlow } from './points-of-tickets.ts';

const ids = { next: () => 'next', derive: (name: string) => `derived ${name}`, secret: () => 'secret' };

const told = (type: string, data: object): Recorded => ({
  type,
  data: { ticketId: 'ticket', ...data },
  meta: {
    id: 'event',
    streamId: 'stream',
    aggregateType: 'Ticket',
    schemaVersion: 1,
    version: 1,
    position: 7,
    parkId: 'ala-archa',
    actor: 'user:guest',
    correlationId: 'correlation',
    causationId: null,
    commandId: null,
    occurredAtMs: 5_000,
    recordedAtMs: 6_000,
    nodeId: 'hq',
    incarnation: 'one',
  },
});

async function doneBy(event: Recorded, owner: string | null = 'guest') {
  const done: unknown[] = [];
  const note =
    (what: string) =>
    (...asked: readonly unknown[]): Promise<void> => {
      done.push([what, ...asked]);
      return Promise.resolve();
    };
  const flow = createPointsOfTicketsFlow({
    ids,
    ownerOf: (ticketId) => Promise.resolve(ticketId === 'ticket' ? owner : null),
    misfitsOf: (paymentId) => Promise.resolve(paymentId === 'payment' ? ['misfit 1', 'misfit 2'] : []),
    returnPoints: note('return'),
    reversePoints: note('reverse'),
  });
  expect(flow.eventTypes).toContain(event.type);
  await flow.handle(event);
  return done;
}

const context = { actor: 'flow:points-of-tickets', correlationId: 'correlation', causationId: 'event' };
const refund = (refundId: string): Recorded =>
  told('RefundSucceeded', { paymentId: 'payment', refundId, amountTyiyn: 35_000n });

describe('points that were spent on a ticket', () => {
  test.each(['TicketHoldExpired', 'TicketCancelled'])('come back with %s', async (type) => {
    expect(await doneBy(told(type, { pointsSpent: 20 }))).toEqual([['return', 'ticket', 0, context]]);
  });

  test('come back with a move, but for those that stay spent; moves of the first version keep all', async () => {
    expect(await doneBy(told('TicketMoved', { pointsSpent: 15 }))).toEqual([['return', 'ticket', 15, context]]);
    expect(await doneBy(told('TicketMoved', { pointsSpent: null }))).toEqual([]);
    expect(await doneBy(told('TicketLeftDay', { pointsSpent: 15 }))).toEqual([['return', 'ticket', 15, context]]);
  });

  test('are not looked for where none were spent', async () => {
    expect(await doneBy(told('TicketHoldExpired', { pointsSpent: 0 }))).toEqual([]);
  });
});

describe('points that a ticket earned', () => {
  test('are reversed by what goes back of its price', async () => {
    expect(await doneBy(refund('refund'))).toEqual([
      ['reverse', { userId: 'guest', ticketId: 'ticket', refundId: 'refund', refundedTyiyn: 35_000n }, context],
    ]);
  });

  test.each([
    ['of a payment that made no ticket valid', 'derived refund-of-unusable:payment'],
    ['of money besides the price', 'derived refund-of-misfit:misfit 2'],
    ['of money for a move that nobody paid in time', 'derived refund-of-unusable:payment'],
    ['of what the ticket costs less since it was moved', 'derived refund-of-moved:ticket'],
    ['of what was paid for a move that was undone', 'derived refund-of-undone:ticket'],
  ])('are not reversed by a refund %s', async (_what, refundId) => {
    expect(await doneBy(refund(refundId))).toEqual([]);
  });

  test('are nobody’s when the ticket was sold at the desk', async () => {
    expect(await doneBy(refund('refund'), null)).toEqual([]);
  });
});
