import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSom } from '../../src/kernel/money.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import { waitUntilAlike } from '../../tools/demo/chain/compare.ts';
import type { Gate } from './gate.ts';
import type { Scene } from './scene.ts';

const LIMIT_MS = 120_000;
const LOOK_MS = 500;
/** A park asks for news every two seconds. */
const STILL_MS = 6_000;

/** Money that no provider gives back, by ticket: people carried it to the guest. */
export type PaidOut = Map<string, bigint>;

async function bringAll(gate: Gate): Promise<void> {
  gate.bringAgain();
  for (const giveUpAt = Date.now() + LIMIT_MS; ; await sleep(LOOK_MS)) {
    try {
      await gate.bring();
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}

/** Pays out what waits for a person. */
async function payOut({ chain: { admin } }: Scene, paidOut: PaidOut): Promise<void> {
  const query = { status: 'manual' as const, limit: 100 };
  const list = await admin.call('refunds', (client, signal) =>
    client.GET('/api/v1/admin/refunds', { params: { query }, signal }),
  );
  for (const { id, payment_id, ticket_id, amount, method } of bodyOf('refunds', 200, list).items) {
    if (method === 'cash') continue;
    const header = { 'Idempotency-Key': randomUUID() };
    const params = { path: { id: payment_id, refund_id: id }, header };
    const paid = await admin.call('pay out', (client, signal) =>
      client.POST('/api/v1/payments/{id}/refunds/{refund_id}/confirm', {
        params,
        body: { reference: `transfer ${id.slice(-8)}` },
        signal,
      }),
    );
    if (paid.response.status === 200) paidOut.set(ticket_id, (paidOut.get(ticket_id) ?? 0n) + (parseSom(amount) ?? 0n));
  }
}

const ENDED = new Set(['active', 'used', 'expired', 'refunded']);

/** Tickets that headquarters still has something to do for: paid and not good, or to be taken back and not yet answered for. */
async function openTickets({ chain, diary, paid, cancelled }: Scene): Promise<readonly string[]> {
  const open: string[] = [];
  for (const { ticketId, guest } of diary.tickets) {
    const family = chain.families[guest ?? -1];
    if (family === undefined || !(paid.has(ticketId) || cancelled.has(ticketId))) continue;
    const params = { path: { id: ticketId } };
    const shown = await family.session.call('ticket', (client, signal) =>
      client.GET('/api/v1/tickets/{id}', { params, signal }),
    );
    const { status, paid: amount } = bodyOf('ticket', 200, shown);
    const waitsForGates = cancelled.has(ticketId) && status === 'active';
    const isOver = ENDED.has(status) || (status === 'cancelled' && amount === '0.00');
    if (waitsForGates || !isOver) open.push(ticketId);
  }
  return open;
}

/** How many events the flows of a node have yet to hear. */
async function lagOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
  const lags = text.matchAll(/^skypark_subscription_lag_events\{[^}]*\} (\d+)/gm);
  return [...lags].reduce((sum, [, lag]) => sum + Number(lag), 0);
}

/** Waits until headquarters and every park hold the same, which changes no more. */
async function untilStill({ chain }: Scene): Promise<void> {
  let [before, sinceMs] = ['', Date.now()];
  for (const giveUpAt = Date.now() + LIMIT_MS; Date.now() < giveUpAt; await sleep(LOOK_MS)) {
    const held: string[] = [];
    for (const park of chain.parks) held.push(...(await waitUntilAlike(chain, park)));
    const urls = [chain.hq, ...chain.parks.map(({ node }) => node)].map(({ place }) => place.url);
    const lags = await Promise.all(urls.map(lagOf));
    const now = held.join();
    if (now !== before || lags.some((lag) => lag > 0)) [before, sinceMs] = [now, Date.now()];
    else if (Date.now() - sinceMs > STILL_MS) return;
  }
}

/**
 * Waits until everybody has heard everything: gates have brought what they decided alone, what was paid is good or went back, gates have
 * answered for what was cancelled, and headquarters and each park hold the same. What does not come to rest in time is for the judge.
 */
export async function comeToRest(scene: Scene): Promise<PaidOut> {
  await Promise.all(scene.chain.parks.flatMap(({ gates }) => gates.map(bringAll)));
  const paidOut: PaidOut = new Map();
  for (const giveUpAt = Date.now() + LIMIT_MS; Date.now() < giveUpAt; await sleep(LOOK_MS)) {
    await payOut(scene, paidOut);
    if ((await openTickets(scene)).length === 0) break;
  }
  await untilStill(scene);
  return paidOut;
}
