import { expect, test } from 'vitest';
import { terms } from '../domain/ticket.suite.ts';
import { ticket } from '../domain/ticket.ts';
import { createTicketFacts } from './ticket-facts.ts';
import { ticketFromEvents, type TicketView } from './ticket-view.ts';

const held = ticket.decide({ kind: 'hold', terms, admissionCode: null }, ticket.initial);
const view: TicketView = ticketFromEvents(held.ok ? held.value : []);

const factsOf = async (change: Partial<TicketView> = {}) => {
  const found = async () => ({ ...view, ...change });
  return createTicketFacts({ find: found, findByQrCode: found, ofUser: async () => [] }).byId(view.ticketId);
};

test('gates are told whether a ticket was paid, whatever its status says', async () => {
  expect(await factsOf()).toMatchObject({ status: 'pending_payment', isPaid: false });
  expect(await factsOf({ status: 'expired' })).toMatchObject({ isPaid: false });
  expect(await factsOf({ status: 'expired', paidTyiyn: view.priceTyiyn })).toMatchObject({ isPaid: true });
  expect(await factsOf({ status: 'active', priceTyiyn: 0n })).toMatchObject({ isPaid: true });
});

test('gates are told from which day a ticket was moved', async () => {
  expect(await factsOf()).toMatchObject({ movedFrom: null });
  expect(await factsOf({ movedFrom: '2026-12-01' })).toMatchObject({ movedFrom: '2026-12-01' });
});
