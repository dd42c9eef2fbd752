import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSom } from '../../src/kernel/money.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import { waitUntilAlike } from '../../tools/demo/chain/compare.ts';
import type { Gate } from './gate.ts';
import type { ChaosNode } from './node.ts';
import { behindIn, verdictSince } from './oracle.ts';
import { noteBrought, type Scene } from './scene.ts';

const LIMIT_MS = 120_000;
const LOOK_MS = 500;
/** A park asks for news every two seconds. */
const STILL_MS = 6_000;

/** Money that no provider gives back, by ticket: people carried it to the guest. */
export type PaidOut = Map<string, bigint>;

/** How everybody came to rest. */
export type Rest = {
  readonly paidOut: PaidOut;
  /** By then everything was mended, in ms since 1970. */
  readonly mendedMs: number;
  /** Since when nothing has moved: what a node writes by itself later may be on its way. */
  readonly restedAt: string;
  /** What did not come to rest in time, in words. */
  readonly unrest: readonly string[];
};

async function bringAll({ diary }: Scene, gate: Gate): Promise<void> {
  gate.bringAgain();
  for (const giveUpAt = Date.now() + LIMIT_MS; ; await sleep(LOOK_MS)) {
    try {
      await gate.bring((scanIds) => noteBrought(diary, scanIds));
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    }
  }
}

type Since = { readonly parkId: string; readonly sinceMs: number; readonly withinMs: number };

/** Waits until headquarters has heard a park since then and takes it for the one that goes on. @returns whether it has in time */
export async function isHeard(
  { chain: { admin, parks } }: Pick<Scene, 'chain'>,
  { parkId, sinceMs, withinMs }: Since,
): Promise<boolean> {
  const name = parks.find((park) => park.parkId === parkId)?.node.place.name;
  for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt; await sleep(LOOK_MS)) {
    const signal = AbortSignal.timeout(LOOK_MS * 4);
    const answer = await admin.client.GET('/api/v1/admin/nodes', { signal }).catch(() => null);
    const contact = answer?.data?.items.find(({ id }) => id === name)?.contact;
    if (contact && verdictSince(sinceMs, { ...contact, atMs: Date.parse(contact.at) }) === 'ok') return true;
  }
  return false;
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
async function openTickets({ chain, diary, paid }: Scene): Promise<readonly string[]> {
  const cancelled = new Set(diary.cancellations.map(({ ticketId }) => ticketId));
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
    if (waitsForGates || !isOver) open.push(`ticket ${ticketId} waits: ${status}, ${amount} paid`);
  }
  return open;
}

async function metricsOf(node: ChaosNode): Promise<string> {
  return (await fetch(`${node.place.url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
}

/** Waits until headquarters and every park hold the same, which changes no more. */
async function untilStill({ chain }: Scene): Promise<Pick<Rest, 'restedAt' | 'unrest'>> {
  const nodes = [chain.hq, ...chain.parks.map(({ node }) => node)];
  let [before, sinceMs] = ['', Date.now()];
  for (const giveUpAt = Date.now() + LIMIT_MS; ; await sleep(LOOK_MS)) {
    const held: string[] = [];
    for (const park of chain.parks) held.push(...(await waitUntilAlike(chain, park)));
    const behind = (
      await Promise.all(nodes.map(async (node) => behindIn(node.place.name, await metricsOf(node))))
    ).flat();
    const now = held.join();
    const isStill = now === before && behind.length === 0;
    if (!isStill) [before, sinceMs] = [now, Date.now()];
    const restedAt = new Date(sinceMs).toISOString();
    if (isStill && Date.now() - sinceMs > STILL_MS) return { restedAt, unrest: [] };
    if (Date.now() > giveUpAt) return { restedAt, unrest: [...behind, 'the nodes did not come to rest'] };
  }
}

/**
 * Waits until everybody has heard everything: gates have brought what they decided alone, what was paid is good or went back, gates have
 * answered for what was cancelled, and headquarters and each park hold the same. What does not come to rest in time is for the judge.
 * Everything is mended.
 */
export async function comeToRest(scene: Scene): Promise<Rest> {
  const { parks } = scene.chain;
  const mendedMs = Date.now();
  await Promise.all(parks.flatMap(({ gates }) => gates.map((gate) => bringAll(scene, gate))));
  const paidOut: PaidOut = new Map();
  let open: readonly string[] = [];
  for (const giveUpAt = Date.now() + LIMIT_MS; ; await sleep(LOOK_MS)) {
    await payOut(scene, paidOut);
    open = await openTickets(scene);
    if (open.length === 0 || Date.now() > giveUpAt) break;
  }
  // A park tells how it is every thirty seconds.
  await Promise.all(parks.map(({ parkId }) => isHeard(scene, { parkId, sinceMs: mendedMs, withinMs: LIMIT_MS })));
  const { restedAt, unrest } = await untilStill(scene);
  return { paidOut, mendedMs, restedAt, unrest: [...open, ...unrest] };
}
