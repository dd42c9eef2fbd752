import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createManualClock, type ManualClock } from '../../src/infrastructure/clock.ts';
import { auditFindings } from '../../src/main/cli/check.ts';
import { parseSom } from '../../src/kernel/money.ts';
import { createBank, type Bank } from './bank.ts';
import type { DatabaseSettings } from '../../src/infrastructure/postgres/database.ts';
import type { Databases } from './databases.ts';
import { createDice, type Dice } from './dice.ts';
import { createLink, type Link } from './link.ts';
import type { Person } from './caller.ts';
import { CAPACITY, NODE_IDS, nodeIdOf, PARKS, type ParkId } from './places.ts';
import { SimNode } from './sim-node.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** The world is prepared on this day; parks are at home from the next one on. */
const PREPARED_MS = Date.parse('2026-12-04T06:00:00Z');
/** 07:00 in the parks: three hours before they open. */
export const BEGIN_MS = Date.parse('2026-12-05T01:00:00Z');
/** The day in the parks, which are six hours ahead of UTC. */
export const dateAt = (ms: number): string => new Date(ms + 6 * HOUR_MS).toISOString().slice(0, 10);
export const DATES = ['2026-12-05', '2026-12-06'] as const;

const META = { actor: 'system', correlationId: 'simulation' } as const;

export type SimPark = { readonly parkId: ParkId; readonly node: SimNode; readonly link: Link };

/** People of the world. Gate staff and managers work at one park each; the head of the chain everywhere. */
export type People = {
  readonly guests: readonly Person[];
  readonly gate: Readonly<Record<ParkId, Person>>;
  readonly manager: Readonly<Record<ParkId, Person>>;
  readonly head: Person;
};

/** What worlds are copied from. */
export type Prepared = {
  readonly databases: Databases;
  readonly folder: string;
  readonly names: Readonly<Record<string, string>>;
  readonly dataDirs: Readonly<Record<string, string>>;
  readonly people: People;
  /** How far the flows of each node had read. */
  readonly heardTo: Readonly<Record<string, number>>;
};

export type World = {
  readonly dice: Dice;
  /** How late it really is; the clock of a node may say something else. */
  readonly clock: ManualClock;
  readonly bank: Bank;
  readonly headquarters: SimNode;
  readonly parks: readonly SimPark[];
  /** All of them. */
  readonly nodes: readonly SimNode[];
  readonly people: People;
  readonly databases: Databases;
  /** How far the clock of each node is ahead. */
  readonly skews: Map<SimNode, number>;
  /** Moves the world on and every clock with it. */
  passTo(atMs: number): void;
  close(): Promise<void>;
};

/** Keys and marker of one node. */
const newDataDir = (parent: string, nodeId: string): Promise<string> => mkdtemp(join(parent, `${nodeId}-`));

type Build = {
  readonly seed: string;
  readonly databases: Databases;
  readonly nameOf: (nodeId: string) => string;
  readonly dataDirOf: (nodeId: string) => string;
  readonly people: People;
  readonly heardTo: Prepared['heardTo'];
  readonly nowMs: number;
};

function build({ seed, databases, nameOf, dataDirOf, people, heardTo, nowMs }: Build): World {
  const dice = createDice(seed);
  const clock = createManualClock(nowMs);
  const bank = createBank(dice, clock);
  const nodes: SimNode[] = [];
  const skews = new Map<SimNode, number>();
  const passTo = (atMs: number): void => {
    clock.set(Math.max(clock.now(), atMs));
    for (const node of nodes) node.clock.set(clock.now() + (skews.get(node) ?? 0));
  };
  const placeOf = (nodeId: string) => ({
    nodeId,
    databaseUrl: databases.urlOf(nameOf(nodeId)),
    dataDir: dataDirOf(nodeId),
    heardTo: heardTo[nodeId] ?? 0,
    connect: (settings: DatabaseSettings) => databases.connect(settings),
    audit: async () => auditFindings(await databases.owner(nameOf(nodeId)), { facts: null }),
    sleep: async (ms: number) => passTo(clock.now() + ms),
    dice,
  });
  const headquarters = new SimNode(
    {
      ...placeOf('hq'),
      parkId: null,
      providers: new Map([['elqr', bank.provider]]),
      fetch: () => Promise.reject(new Error('headquarters asks nobody')),
    },
    nowMs,
  );
  const parks = PARKS.map((parkId) => {
    const link = createLink((url, init) => headquarters.answer(url, init));
    const place = { ...placeOf(nodeIdOf(parkId)), parkId, providers: new Map(), fetch: link.fetch };
    return { parkId, link, node: new SimNode(place, nowMs) };
  });
  nodes.push(headquarters, ...parks.map(({ node }) => node));
  return {
    dice,
    clock,
    bank,
    headquarters,
    parks,
    nodes,
    people,
    databases,
    skews,
    passTo,
    async close() {
      for (const node of nodes) await node.stop();
    },
  };
}

async function openPark(headquarters: SimNode, parkId: ParkId): Promise<void> {
  const text = { ru: parkId, ky: parkId, en: parkId };
  const opened = await headquarters.app.modules.park.openPark(
    {
      parkId,
      names: text,
      addresses: text,
      capacity: CAPACITY,
      priceUnder3Tyiyn: parseSom('150.00') ?? 0n,
      priceOver3Tyiyn: parseSom('350.00') ?? 0n,
      priceAdultTyiyn: parseSom('100.00') ?? 0n,
      groupPercent: 10,
      openTime: '10:00',
      closeTime: '20:00',
      timeZone: 'Asia/Bishkek',
      latitudeE7: 428_000_000,
      longitudeE7: 745_000_000,
      amenities: [],
      images: [],
    },
    META,
  );
  if (!opened.ok) throw new Error(`${parkId}: ${opened.refusal.code}`);
}

async function register(headquarters: SimNode, number: number): Promise<string> {
  const { auth } = headquarters.app.modules;
  const registered = await auth.register({
    phone: `+99655500${String(1000 + number)}`,
    password: `a long word ${number}`,
    name: 'Aibek Asanov',
    email: null,
    language: 'ru',
    correlationId: 'simulation',
  });
  if (!registered.ok) throw new Error(`guest ${number}: ${registered.refusal.code}`);
  const { userId } = registered.value.account;
  await auth.vouchForPhone(userId, META);
  return userId;
}

/** Everything that is known anywhere becomes known everywhere it should be. Ends early when a round has changed nothing. */
export async function settle({ nodes, parks }: World, mostRounds = 3): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    const before = nodes.map(({ stored }) => stored);
    for (const node of nodes) {
      await node.react();
      await node.work();
      await node.react();
    }
    for (const { node } of parks) await node.talk();
    if (nodes.every(({ stored }, index) => stored === before[index])) return;
  }
}

/** Two parks with nodes of their own, guests and staff, places shared out; on databases that are copied for every seed. */
export async function prepareWorld(databases: Databases, folder: string, run: string): Promise<Prepared> {
  const names = Object.fromEntries(NODE_IDS.map((nodeId) => [nodeId, `${run}_world_${nodeId.replaceAll('-', '_')}`]));
  const dataDirs: Record<string, string> = {};
  const [first = '', ...others] = Object.values(names);
  await databases.create(first);
  for (const other of others) await databases.copy(first, other);
  for (const nodeId of NODE_IDS) dataDirs[nodeId] = await newDataDir(folder, nodeId);
  const ids: string[] = [];
  const person = (role: 'gate' | 'manager', parkId: ParkId, at: number): Person => ({
    userId: ids[at] ?? '',
    roles: [{ role, parkId }],
  });
  const world = build({
    seed: 'prepared',
    databases,
    nameOf: (nodeId) => names[nodeId] ?? '',
    dataDirOf: (nodeId) => dataDirs[nodeId] ?? '',
    people: { guests: [], gate: {}, manager: {}, head: {} } as unknown as People,
    heardTo: {},
    nowMs: PREPARED_MS,
  });
  const { headquarters, parks, nodes } = world;
  await headquarters.start();
  for (const parkId of PARKS) await openPark(headquarters, parkId);
  for (let number = 0; number < 9; number += 1) ids.push(await register(headquarters, number));
  for (const park of parks) {
    await park.node.start();
    await park.node.enrolAt(headquarters, DATES[0]);
  }
  await settle(world, 2);
  world.passTo(BEGIN_MS);
  await settle(world, 4);
  const people: People = {
    guests: ids.slice(0, 4).map((userId) => ({ userId, roles: [{ role: 'guest', parkId: null }] })),
    gate: { alpha: person('gate', 'alpha', 4), beta: person('gate', 'beta', 5) },
    manager: { alpha: person('manager', 'alpha', 6), beta: person('manager', 'beta', 7) },
    head: { userId: ids[8] ?? '', roles: [{ role: 'admin', parkId: null }] },
  };
  for (const { parkId, node } of parks) {
    const shift = await node.call(people.gate[parkId], 'POST', '/gate/shifts', { park_id: parkId, float: '1000.00' });
    if (shift.status !== 201) throw new Error(`a shift at ${parkId}: ${JSON.stringify(shift)}`);
  }
  await settle(world, 2);
  const troubles = nodes.flatMap((node) => node.troubles);
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
  const heardTo = Object.fromEntries(nodes.map((node) => [node.place.nodeId, node.heardTo]));
  await world.close();
  for (const name of Object.values(names)) await databases.keep(name, 'world');
  await databases.close();
  return { databases, folder, names, dataDirs, people, heardTo };
}

/** Databases for worlds that are lived one after another. */
export type Lane = Omit<Prepared, 'databases'> & {
  readonly databases: Databases;
  close(): Promise<void>;
};

/** @param databases of the lane's own */
export async function openLane({ names, ...prepared }: Prepared, databases: Databases, name: string): Promise<Lane> {
  const own = Object.fromEntries(NODE_IDS.map((nodeId) => [nodeId, `${name}_${nodeId.replaceAll('-', '_')}`]));
  for (const nodeId of NODE_IDS) await databases.copy(names[nodeId] ?? '', own[nodeId] ?? '');
  return {
    ...prepared,
    databases,
    names: own,
    async close() {
      await databases.close();
      await databases.drop(...Object.values(own));
    },
  };
}

/** The world as it was prepared, running. */
export async function openWorld(
  { databases, folder, names, dataDirs, people, heardTo }: Lane,
  seed: string,
): Promise<World> {
  const own: Record<string, string> = {};
  for (const nodeId of NODE_IDS) {
    await databases.putBack(names[nodeId] ?? '', 'world');
    own[nodeId] = await newDataDir(folder, nodeId);
    await cp(dataDirs[nodeId] ?? '', own[nodeId] ?? '', { recursive: true });
  }
  const nameOf = (nodeId: string): string => names[nodeId] ?? '';
  const dataDirOf = (nodeId: string): string => own[nodeId] ?? '';
  const world = build({ seed, databases, nameOf, dataDirOf, people, heardTo, nowMs: BEGIN_MS });
  const close = async (): Promise<void> => {
    await world.close();
    for (const dataDir of Object.values(own)) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    for (const node of world.nodes) await node.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...world, close };
}
