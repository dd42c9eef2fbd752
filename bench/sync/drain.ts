import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { scopeHashes } from '../../src/infrastructure/event-store/scope-hashes.ts';
import { connectDatabase } from '../../src/infrastructure/postgres/database.ts';
import { projections } from '../../src/main/migration-sources.ts';
import type { Cut } from './cable.ts';
import type { OneNode, TwoNodes } from './two-nodes.ts';

const LOOK_MS = 50;
/** Nothing at all for so long means that it will not end. */
const PATIENCE_MS = 180_000;

export type Kill = {
  readonly whom: 'park' | 'headquarters';
  /** From the kill to the next event that headquarters stored. */
  readonly outageSeconds: number;
  /** From the moment at which the killed one was ready again. */
  readonly resumeSeconds: number;
  /** Null when nothing was left to send. */
  readonly sentTwice: number | null;
};

/** Most MiB that were seen of each. */
export type Memory = { headquarters: number; park: number };

export type Drained = {
  readonly seconds: number;
  readonly kills: readonly Kill[];
  /** Of the first half of the events, and of the second: what grows with the log is more in the second. */
  readonly halves: readonly Readonly<Memory>[];
};

async function storedOf(headquarters: Client, incarnation: string): Promise<number> {
  const found = await headquarters.query<{ seq: string }>('select seq from store.author where incarnation = $1', [
    incarnation,
  ]);
  return Number(found.rows[0]?.seq ?? 0);
}

type Progress = { readonly stored: number; readonly atMs: number };

/** Resolves once headquarters has more of the log than `than`. */
async function moreThan(than: number, headquarters: Client, incarnation: string): Promise<Progress> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpMs) {
    const stored = await storedOf(headquarters, incarnation);
    if (stored > than) return { stored, atMs: performance.now() };
    await sleep(LOOK_MS);
  }
  throw new Error(`headquarters has ${than} events and gets no more`);
}

type Struck = Omit<Kill, 'sentTwice'> & { readonly cut: Cut };

/** `kill -9`, and a start at once. */
async function strike(
  nodes: TwoNodes,
  whom: Kill['whom'],
  incarnation: string,
  newest: number,
): Promise<Struck | null> {
  const { process } = nodes[whom];
  const { client } = nodes.headquarters;
  const { cable } = nodes;
  const [cut, pushes] = [cable.cut(), cable.pushes()];
  const killedMs = performance.now();
  await process.end();
  process.start();
  const ready = process.ready().then(() => performance.now());
  // What was under way is stored meanwhile; it flows again when something pushed since is.
  while (cable.pushes() === pushes) {
    if ((await storedOf(client, incarnation)) >= newest) {
      await ready;
      return null;
    }
    await sleep(LOOK_MS);
  }
  const before = await storedOf(client, incarnation);
  const [again, flows] = await Promise.all([ready, moreThan(before, client, incarnation)]);
  const outageSeconds = (flows.atMs - killedMs) / 1000;
  return { whom, cut, outageSeconds, resumeSeconds: Math.max(0, flows.atMs - again) / 1000 };
}

function look({ headquarters, park }: TwoNodes, most: Memory | undefined): void {
  if (most === undefined) return;
  most.headquarters = Math.max(most.headquarters, headquarters.process.mebibytes() || 0);
  most.park = Math.max(most.park, park.process.mebibytes() || 0);
}

/**
 * Starts the park, whose log holds a backlog, and waits until headquarters has it all; one of the two is killed every
 * `killEveryMs` meanwhile, by turns. The time is from the first event that headquarters got to the last.
 */
export async function drain(nodes: TwoNodes, killEveryMs: number): Promise<Drained> {
  const { headquarters, park } = nodes;
  const found = await park.client.query<{ incarnation: string; seq: string }>(
    'select incarnation, seq from store.head',
  );
  const { incarnation = '', seq = '0' } = found.rows[0] ?? {};
  const newest = Number(seq);
  const before = await storedOf(headquarters.client, incarnation);
  park.process.start();
  let progress = await moreThan(before, headquarters.client, incarnation);
  const startedMs = progress.atMs;
  let killMs = startedMs + killEveryMs;
  const struck: Struck[] = [];
  const halves: Memory[] = [
    { headquarters: 0, park: 0 },
    { headquarters: 0, park: 0 },
  ];
  while (progress.stored < newest) {
    if (performance.now() >= killMs) {
      const kill = await strike(nodes, struck.length % 2 === 0 ? 'park' : 'headquarters', incarnation, newest);
      if (kill !== null) struck.push(kill);
      killMs = performance.now() + killEveryMs;
    }
    const stored = await storedOf(headquarters.client, incarnation);
    if (stored === progress.stored && performance.now() - progress.atMs > PATIENCE_MS) {
      throw new Error(`headquarters has ${stored} of ${newest} events and gets no more`);
    }
    look(nodes, halves[stored * 2 < newest ? 0 : 1]);
    if (stored > progress.stored) progress = { stored, atMs: performance.now() };
    await sleep(LOOK_MS);
  }
  const seconds = (progress.atMs - startedMs) / 1000;
  return { seconds, halves, kills: struck.map(({ cut, ...kill }) => ({ ...kill, sentTwice: cut.sentTwice() })) };
}

const LOG = `
  select count(*) as events, count(distinct id) as ids,
    encode(sha256(string_agg(sha256(convert_to(concat_ws(' ', seq, id, aggregate_id, event_type, event_data, hlc,
      encode(payload_hash, 'hex'), encode(link, 'hex')), 'UTF8')), ''::bytea order by seq)), 'hex') as hash
  from store.event where incarnation = (select incarnation from store.author where node_id = $1)`;

async function heldAt({ client, database: { url } }: OneNode, nodeId: string, parkId: string) {
  const log = (await client.query<{ events: string; ids: string; hash: string }>(LOG, [nodeId])).rows[0];
  const database = connectDatabase({ url, poolSize: 1, applicationName: 'skypark-bench', onError: console.error });
  try {
    const scopes = await scopeHashes(database, projections);
    return { log, scope: scopes.find(({ scope }) => scope === parkId) };
  } finally {
    await database.close();
  }
}

/** @throws when the two do not hold the same, each event once. */
export async function checkEqual({ park, headquarters }: TwoNodes, nodeId: string, parkId: string): Promise<void> {
  const [there, here] = [await heldAt(park, nodeId, parkId), await heldAt(headquarters, nodeId, parkId)];
  if (there.log === undefined || there.log.events !== there.log.ids) throw new Error('an event is there twice');
  if (JSON.stringify(there) !== JSON.stringify(here)) {
    throw new Error(`the two differ: ${JSON.stringify(there)} at the park, ${JSON.stringify(here)} at headquarters`);
  }
}
