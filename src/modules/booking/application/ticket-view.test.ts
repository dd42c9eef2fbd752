import { expect, test } from 'vitest';
import type { DomainEvent } from '../../../kernel/decider.ts';
import { terms } from '../domain/ticket.suite.ts';
import { ticket } from '../domain/ticket.ts';
import { ticketFromEvents } from './ticket-view.ts';

/** What a till and a loyalty account store in the append of a sale. */
const foreign = ['PaymentIntended', 'PaymentSucceeded', 'CashTaken', 'PointsReserved'].map((type) => ({
  type,
  data: { ticketId: terms.ticketId, paymentId: 'payment', userId: null, paidTyiyn: 1n },
}));

function eventsOf(command: Parameters<typeof ticket.decide>[0]): readonly DomainEvent[] {
  const made = ticket.decide(command, ticket.initial);
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
}

test('a ticket sold at the desk is seen active, whatever is stored in the same append', () => {
  const sold = eventsOf({ kind: 'sell', terms, paymentId: 'payment', admissionCode: 'SKY1.code' });
  expect(ticketFromEvents([...foreign, ...sold, ...foreign])).toMatchObject({
    ticketId: terms.ticketId,
    status: 'active',
    paidTyiyn: terms.priceTyiyn,
    admissionCode: 'SKY1.code',
  });
});

test('a ticket that waits for its money is seen unpaid, whatever is stored in the same append', () => {
  const held = eventsOf({ kind: 'hold', terms, admissionCode: null });
  const seen = ticketFromEvents([...held, ...foreign]);
  expect(seen).toMatchObject({ status: 'pending_payment', paidTyiyn: 0n, admissionCode: null });
  expect(seen.remaining).toBe(terms.places);
});
