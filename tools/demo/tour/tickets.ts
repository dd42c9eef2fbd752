import type { components } from '../../../clients/typescript/schema.d.ts';
import { answered, eventually, expectThat } from '../answered.ts';
import { ask, FOLLOW_MS, newKey, type Guest, type Tour } from './tour.ts';

export type Ticket = components['schemas']['Ticket'];
export type Payment = components['schemas']['Payment'];
export type VisitRequest = components['schemas']['VisitRequest'];

/** A party of children of five, without adults. */
export const partyOf = (parkId: string, date: string, children: number): VisitRequest => ({
  park_id: parkId,
  visit_date: date,
  children: Array.from({ length: children }, () => ({ name: 'Айбек', age: 5 })),
});

export const buy = ({ session }: Guest, body: VisitRequest): Promise<Ticket> =>
  ask(session, 201, (client) => client.POST('/api/v1/tickets', { params: { header: newKey() }, body }));

export const ticketOf = ({ session }: Guest, id: string): Promise<Ticket> =>
  ask(session, 200, (client) => client.GET('/api/v1/tickets/{id}', { params: { path: { id } } }));

export const startPayment = (
  { session }: Guest,
  ticketId: string,
  method: 'elqr' | 'elcard' = 'elqr',
): Promise<Payment> =>
  ask(session, 201, (client) =>
    client.POST('/api/v1/payments', { params: { header: newKey() }, body: { ticket_id: ticketId, method } }),
  );

/** What the payer does at the provider's page, here that of the sandbox. */
export async function atProvider({ patience }: Tour, payment: Payment, what: 'pay' | 'decline'): Promise<void> {
  const { action } = payment;
  expectThat(action !== null, `payment ${payment.id} asks nothing of the payer`);
  const done = await answered(what, patience, async (signal) => ({
    response: await fetch(`${action.url}/${what}`, { method: 'POST', signal }),
  }));
  expectThat(done.response.status === 204, `the sandbox answered ${done.response.status}`);
}

export const ticketIn = (guest: Guest, id: string, status: Ticket['status']): Promise<Ticket> =>
  eventually(`ticket ${status}`, FOLLOW_MS, async () => {
    const ticket = await ticketOf(guest, id);
    return ticket.status === status ? ticket : null;
  });

export const paymentIn = ({ session }: Guest, id: string, status: Payment['status']): Promise<Payment> =>
  eventually(`payment ${status}`, FOLLOW_MS, async () => {
    const payment = await ask(session, 200, (client) =>
      client.GET('/api/v1/payments/{id}', { params: { path: { id } } }),
    );
    return payment.status === status ? payment : null;
  });

export type Paid = { readonly ticket: Ticket; readonly payment: Payment; readonly code: string };

/** Buys and pays; the ticket is active then. */
export async function buyPaid(
  tour: Tour,
  guest: Guest,
  body: VisitRequest,
  method: 'elqr' | 'elcard' = 'elqr',
): Promise<Paid> {
  return payFor(tour, guest, await buy(guest, body), method);
}

export async function payFor(
  tour: Tour,
  guest: Guest,
  bought: Pick<Ticket, 'id'>,
  method: 'elqr' | 'elcard' = 'elqr',
): Promise<Paid> {
  const payment = await startPayment(guest, bought.id, method);
  await atProvider(tour, payment, 'pay');
  const ticket = await ticketIn(guest, bought.id, 'active');
  expectThat(ticket.admission_code !== null, 'an active ticket has no admission code');
  return { ticket, payment, code: ticket.admission_code };
}
