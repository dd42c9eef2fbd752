import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import { bodyOf, codeOf } from '../../tools/demo/answered.ts';
import { endingsOf, readPurchases, type Purchase } from '../../tools/demo/money/books.ts';
import type { Guest } from '../e2e/guests.ts';
import type { Act, Cell, Method } from './cells.ts';
import type { Stage } from './stage.ts';

/** The park where everything is bought, and the day. */
export type Visit = { readonly parkId: string; readonly date: string };

const ROUND_MS = 5000;
/** More rounds than any burst of faults lasts. */
const MOST_TRIES = 8;
/** Past the end of any hold, and of any grace. */
const HOUR_MS = 3_600_000;

/** Plays a cell to its end, and beyond it: what is over must stay as it is. */
export async function play(stage: Stage, guest: Guest, visit: Visit, cell: Cell) {
  const ticket = await buy(guest, visit);
  await setNext(stage, cell);
  const pageUrl = await untilPayable(stage, guest, ticket.id, cell.wire === 'elcard' ? 'elcard' : 'elqr');
  if (cell.isAskedEarly) for (let round = 0; round < 4; round += 1) await stage.pass(ROUND_MS);
  for (const [index, act] of cell.acts.entries()) {
    if (index === cell.acts.length - 1) await meanwhile(stage, guest, { visit, ticketId: ticket.id, cell });
    await actAt(stage, pageUrl, act);
  }
  const facts = () => factsOf(stage, ticket.id);
  await untilEnded(stage, facts);
  if (cell.isCancelled) {
    await cancel(guest, ticket.id);
    await untilEnded(stage, facts);
  }
  const ended = await facts();
  await stage.pass(HOUR_MS);
  return { ended, later: await facts() };
}

/** Every ending that there is to be seen; one that is left to the statement has no other. */
export function endingsSeen(purchase: Purchase): readonly Cell['ending'][] {
  const isLeft = purchase.payments.length > 0 && purchase.payments.every(({ status }) => status === 'unknown');
  const isUnused = purchase.refunds.length === 0 && purchase.ticketStatus !== 'active';
  return isLeft && isUnused ? ['left_to_statement'] : endingsOf(purchase);
}

type Played = { readonly visit: Visit; readonly ticketId: string; readonly cell: Cell };

async function meanwhile(stage: Stage, guest: Guest, { visit, ticketId, cell }: Played): Promise<void> {
  if (cell.meanwhile === 'day_is_full') {
    await stage.pass(HOUR_MS);
    const other = await buy(guest, visit);
    await actAt(stage, await untilPayable(stage, guest, other.id, 'elqr'), 'pay');
  }
  if (cell.meanwhile === 'paid_otherwise') {
    const method = cell.wire === 'elcard' ? 'elqr' : 'elcard';
    await actAt(stage, await untilPayable(stage, guest, ticketId, method), 'pay');
  }
}

async function buy({ session }: Guest, { parkId, date }: Visit) {
  const params = { header: { 'Idempotency-Key': randomUUID() } };
  const body = { park_id: parkId, visit_date: date, children: [{ name: 'Aibek', age: 5 }] };
  return bodyOf('buy', 201, await session.call('buy', (client) => client.POST('/api/v1/tickets', { params, body })));
}

async function setNext({ sandbox }: Stage, { faults }: Cell): Promise<void> {
  const { status } = await fetch(`${sandbox.url}/faults`, { method: 'PUT', body: JSON.stringify({ next: faults }) });
  expect(status).toBe(204);
}

/** Asks to pay, as an application does that repeats the same call, until it knows where the payer goes. */
async function untilPayable(stage: Stage, { session }: Guest, ticketId: string, method: Method): Promise<string> {
  const params = { header: { 'Idempotency-Key': randomUUID() } };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const body = { ticket_id: ticketId, method };
    const { data, error } = await session.call('pay', (client) => client.POST('/api/v1/payments', { params, body }));
    if (data?.action) return data.action.url;
    expect(data?.status ?? codeOf(error)).toMatch(/^(unknown|provider_unavailable)$/);
    await stage.pass(ROUND_MS);
  }
  throw new Error('the payer never learned where to pay');
}

/** The payer does something, and everybody hears of it who is told. */
async function actAt(stage: Stage, pageUrl: string, act: Act): Promise<void> {
  expect((await fetch(`${pageUrl}/${act}`, { method: 'POST' })).status, act).toBe(204);
  await delivered(stage);
  await stage.pass(ROUND_MS);
}

/** Waits until the sandbox has told what it has to tell. */
const delivered = (stage: Stage): Promise<void> =>
  vi.waitFor(async () => expect((await stage.orders()).filter(({ isTold }) => !isTold)).toEqual([]), {
    timeout: 10_000,
    interval: 10,
  });

/** Lets time pass until there is one ending, at most a day; a person pays out what nobody else does. */
async function untilEnded(stage: Stage, facts: () => Promise<Purchase>): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    await payOutByHand(stage);
    await stage.pass(0);
    if (endingsOf(await facts()).length > 0) return;
    // After so long nobody is asked any more who could be asked.
    if (round > 12 && endingsSeen(await facts()).length > 0) return;
    await stage.pass(round < 10 ? ROUND_MS : HOUR_MS / 2);
  }
}

async function cancel({ session }: Guest, ticketId: string): Promise<void> {
  const params = { path: { id: ticketId }, header: { 'Idempotency-Key': randomUUID() } };
  const answer = await session.call('cancel', (client) =>
    client.POST('/api/v1/tickets/{id}/cancel', { params, body: {} }),
  );
  expect(answer.response.status).toBe(200);
}

/** What waits for a person is paid out by one. */
async function payOutByHand({ finance }: Stage): Promise<void> {
  const query = { status: 'manual' as const };
  const list = await finance.call('refunds', (client) => client.GET('/api/v1/admin/refunds', { params: { query } }));
  for (const { id, payment_id } of bodyOf('refunds', 200, list).items) {
    const params = { path: { id: payment_id, refund_id: id }, header: { 'Idempotency-Key': randomUUID() } };
    const paid = await finance.call('pay out', (client) =>
      client.POST('/api/v1/payments/{id}/refunds/{refund_id}/confirm', { params, body: { reference: 'transfer 1' } }),
    );
    expect(paid.response.status).toBe(200);
  }
}

async function factsOf(stage: Stage, ticketId: string): Promise<Purchase> {
  const [facts] = await readPurchases(stage.api.app.database, await stage.orders(), ticketId);
  if (facts === undefined) throw new Error(`no ticket ${ticketId}`);
  return facts;
}
