import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { answered, bodyOf, codeOf, DemoFailure, eventually, expectThat, type Patience } from '../answered.ts';
import type { Session } from '../session.ts';
import type { Wanted } from './courses.ts';

type Payment = components['schemas']['Payment'];
type Method = Wanted['method'];

export type Buyer = {
  readonly session: Session;
  readonly patience: Patience;
  readonly parkId: string;
  readonly date: string;
};

/** How long the product may take to learn of something, killed and lied to as it is. */
const FOLLOW_MS = 240_000;
const MOST_TRIES = 200;
const PAUSE_MS = 500;

const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });

/** A guest buys a ticket and does with it what is wanted. What becomes of it is seen in the books. */
export async function purchase(buyer: Buyer, { course, method }: Wanted): Promise<void> {
  const ticketId = await buyTicket(buyer);
  const first = await startPaying(buyer, ticketId, method);
  switch (course) {
    case 'decline':
      return void (await act(buyer, first, 'decline'));
    case 'let_expire':
      return void (await act(buyer, first, 'expire'));
    case 'pay_late':
      await act(buyer, first, 'expire');
      await paymentIs(buyer, first, ['failed']);
      return void (await act(buyer, first, 'pay'));
    case 'pay_twice': {
      await act(buyer, first, 'decline');
      await paymentIs(buyer, first, ['failed']);
      const second = await startPaying(buyer, ticketId, method === 'elqr' ? 'elcard' : 'elqr');
      await act(buyer, second, 'pay');
      return void (await act(buyer, first, 'pay'));
    }
    case 'cancel':
      await act(buyer, first, 'pay');
      return cancelOncePaid(buyer, ticketId, first);
    default:
      return void (await act(buyer, first, 'pay'));
  }
}

async function buyTicket({ session, parkId, date }: Buyer): Promise<string> {
  const params = withKey();
  const body = { park_id: parkId, visit_date: date, children: [{ name: 'Айбек', age: 5 }] };
  const bought = await session.call('buy', (client, signal) =>
    client.POST('/api/v1/tickets', { params, body, signal }),
  );
  return bodyOf('buy', 201, bought).id;
}

/** Repeats the same call until the payer knows where to pay; a payment that failed for good gives way to another. */
async function startPaying({ session }: Buyer, ticketId: string, method: Method): Promise<Payment> {
  let params = withKey();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const started = await session.call('start payment', (client, signal) =>
      client.POST('/api/v1/payments', { params, body: { ticket_id: ticketId, method }, signal }),
    );
    const { action, status } = bodyOf('start payment', 201, started);
    if (action !== null && started.data !== undefined) return started.data;
    if (status === 'failed') params = withKey();
    await sleep(PAUSE_MS);
  }
  throw new DemoFailure(`ticket ${ticketId}: the payer never learned where to pay`);
}

/** What the payer does at the provider's page; whether the provider took it. */
async function act({ patience }: Buyer, { action }: Payment, what: 'pay' | 'decline' | 'expire'): Promise<boolean> {
  const done = await answered(what, patience, async (signal) => ({
    response: await fetch(`${action?.url}/${what}`, { method: 'POST', signal }),
  }));
  const { status } = done.response;
  expectThat(status === 204 || status === 409, `the sandbox answered ${status} to the payer`);
  return status === 204;
}

const paymentIs = ({ session }: Buyer, { id }: Payment, statuses: readonly Payment['status'][]): Promise<Payment> =>
  eventually(`payment ${id} is ${statuses.join(' or ')}`, FOLLOW_MS, async () => {
    const params = { path: { id } };
    const shown = await session.call('payment', (client, signal) =>
      client.GET('/api/v1/payments/{id}', { params, signal }),
    );
    const payment = bodyOf('payment', 200, shown);
    return statuses.includes(payment.status) ? payment : null;
  });

/** Money of another amount makes no ticket, and then there is nothing to cancel. */
async function cancelOncePaid(buyer: Buyer, ticketId: string, payment: Payment): Promise<void> {
  const { session } = buyer;
  const { status } = await paymentIs(buyer, payment, ['succeeded', 'failed']);
  if (status === 'failed') return;
  await eventually(`ticket ${ticketId} is active`, FOLLOW_MS, async () => {
    const params = { path: { id: ticketId } };
    const shown = await session.call('ticket', (client, signal) =>
      client.GET('/api/v1/tickets/{id}', { params, signal }),
    );
    return bodyOf('ticket', 200, shown).status === 'active' ? true : null;
  });
  const params = { path: { id: ticketId }, ...withKey() };
  const cancelled = await session.call('cancel', (client, signal) =>
    client.POST('/api/v1/tickets/{id}/cancel', { params, body: {}, signal }),
  );
  expectThat(cancelled.response.status === 200, `cancelling was answered ${codeOf(cancelled.error)}`);
}
