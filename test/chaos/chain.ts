import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, eventually, type Patience } from '../../tools/demo/answered.ts';
import { hireStaff, openPark, today } from '../../tools/demo/chain/chain.ts';
import { waitForShare } from '../../tools/demo/chain/compare.ts';
import { openShift } from '../../tools/demo/chain/trade.ts';
import { demoLogins } from '../../tools/demo/demo-logins.ts';
import { newVerifiedFamily, type NewFamily } from '../../tools/demo/new-family.ts';
import { Session, type Login } from '../../tools/demo/session.ts';
import { copyDirectory } from '../support/nodes.ts';
import type { Settings } from '../support/product.ts';
import { enrolGate, type Gate } from './gate.ts';
import type { Network } from './network.ts';
import { ChaosNode, dataDirOf } from './node.ts';
import { createProvider, SANDBOX_PORT, type Provider } from './provider.ts';
import { openWire, type Wire } from './wire.ts';

const HQ_PORT = 8443;
const PARK_PORT = 8081;
/** So few that they run out now and then. */
const CAPACITY = 120;
const WALK_UP_PERCENT = 30;
const FAMILIES = 8;
const GATES = ['north', 'south'] as const;
/** What a small disk holds. */
const SMALL_DISK_MIB = 400;
const SETTLE_MS = 120_000;
const SIGN_IN_PAUSE_MS = 4_000;

export type ChaosPark = {
  readonly parkId: string;
  /** Of its node. */
  readonly name: string;
  readonly node: ChaosNode;
  /** Between it and headquarters. */
  readonly wire: Wire;
  /** A manager who also sells at the desk, at the node of the park. */
  readonly staff: Session;
  /** Two of them, that do not hear of each other. */
  readonly gates: readonly Gate[];
};

export type ChaosChain = {
  readonly ground: Ground;
  readonly hq: ChaosNode;
  readonly provider: Provider;
  readonly admin: Session;
  readonly parks: readonly ChaosPark[];
  readonly families: readonly NewFamily[];
};

/** What a run stands on. */
export type Ground = {
  readonly folder: string;
  readonly network: Network;
  readonly parkIds: readonly string[];
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly random: () => number;
  readonly patience: Patience;
};

export const diskOf = ({ folder }: Ground, name: string): string => join(folder, 'live', name);
const markersOf = ({ folder }: Ground): string => join(folder, 'live', 'markers');
const preparedOf = ({ folder }: Ground, name: string): string => join(folder, 'prepared', name);
const hqUrl = ({ network }: Ground): string => `https://${network.hqAddress}:${HQ_PORT}`;
/** Where a park's wire to headquarters begins. */
const wirePort = (index: number): number => HQ_PORT + 1 + index;

function placeOf(ground: Ground, name: string, more: Settings) {
  const disk = diskOf(ground, name);
  return {
    name,
    disk,
    logFile: join(ground.folder, `${name}.log`),
    caFile: ground.caFile,
    settings: {
      SKYPARK_DATA_DIR: dataDirOf(disk),
      // It outlives the disk.
      SKYPARK_MARKER_FILE: join(markersOf(ground), `${name}.json`),
      SKYPARK_MODE: 'demo',
      LOG_LEVEL: 'warn',
      SKYPARK_DRAIN_DELAY_MS: '0',
      // Everybody of the run comes from one address.
      RATE_LIMIT_PER_MINUTE: '1000000',
      ...more,
    },
  };
}

/** @param more where its parts are */
export function headquartersAt(ground: Ground, provider: Provider, more: Settings = {}): ChaosNode {
  const url = hqUrl(ground);
  const place = placeOf(ground, 'hq', {
    HOST: ground.network.hqAddress,
    PORT: String(HQ_PORT),
    PUBLIC_URL: url,
    TLS_CERT_FILE: ground.certFile,
    TLS_KEY_FILE: ground.keyFile,
    SKYPARK_SANDBOX_PORT: String(SANDBOX_PORT),
    ...more,
  });
  // It brings a provider of its own.
  return new ChaosNode({ ...place, program: 'start', at: [], url }, () => provider.makeRoom());
}

/** The node of a park. @param name where it is a copy, another one than that of the node @param port the copy's own */
export function parkNodeAt(ground: Ground, parkId: string, name = nodeName(parkId), port = PARK_PORT): ChaosNode {
  const { network, parkIds } = ground;
  const host = network.addressOf(parkId);
  const place = placeOf(ground, name, {
    HOST: host,
    PORT: String(port),
    SKYPARK_ROLE: 'park',
    SKYPARK_NODE_ID: nodeName(parkId),
    SKYPARK_PARK_ID: parkId,
    SKYPARK_HQ_URL: `https://${network.hqAddress}:${wirePort(parkIds.indexOf(parkId))}`,
  });
  return new ChaosNode({ ...place, program: 'park-node', at: network.at(parkId), url: `http://${host}:${port}` });
}

const nodeName = (parkId: string): string => `${parkId}-node`;

/** An empty disk, or a small one that can be filled. */
export async function newDisk(disk: string, isSmall: boolean): Promise<void> {
  try {
    execFileSync('umount', [disk], { stdio: 'ignore' });
  } catch {
    // It was a folder.
  }
  await rm(disk, { recursive: true, force: true });
  await mkdir(disk, { recursive: true });
  // Others may pass through: the database server runs under an account of its own.
  await chmod(disk, 0o755);
  if (isSmall) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_MIB}m,mode=755`, 'none', disk]);
}

const signInAt = (what: string, session: Session): Promise<true> =>
  eventually(what, SETTLE_MS, async () => {
    if ((await session.trySignIn()).response.status === 200) return true;
    // Who they are is told by headquarters in its own time, and a wrong login may not be tried often.
    await sleep(SIGN_IN_PAUSE_MS);
    return null;
  });

/** Makes the node of a park known, with its staff, its gates and its till. Headquarters runs. */
async function openChaosPark(ground: Ground, admin: Session, parkId: string, login: Login): Promise<ChaosPark> {
  const { network, parkIds, random, patience } = ground;
  const port = wirePort(parkIds.indexOf(parkId));
  const wire = await openWire({ host: network.hqAddress, port }, { host: network.hqAddress, port: HQ_PORT }, random);
  const node = parkNodeAt(ground, parkId);
  const { name, url, disk } = node.place;
  await newDisk(disk, false);
  const body = { name, park_id: parkId, home_from: today() };
  const invited = await admin.call('invite a node', (client, signal) =>
    client.POST('/api/v1/admin/nodes', { body, signal }),
  );
  await node.cli('enrol', '--code', bodyOf('invite a node', 201, invited).code);
  await node.start();
  await node.ready();
  const staff = new Session(url, login, patience);
  await signInAt(`staff of ${parkId}`, staff);
  await openShift({ staff, parkId });
  const gates: Gate[] = [];
  for (const gate of GATES) gates.push(await enrolGate({ url, parkId, gate, manager: staff }));
  return { parkId, name, node, wire, staff, gates };
}

/** Founds the chain once: every schedule begins with a copy of it. All nodes are stopped then. */
export async function foundChain(ground: Ground, tell: (line: string) => void): Promise<ChaosChain> {
  const { patience, parkIds } = ground;
  await mkdir(markersOf(ground), { recursive: true });
  const provider = createProvider(ground.caFile, hqUrl(ground));
  const hq = headquartersAt(ground, provider);
  provider.standsBeside(hq);
  await newDisk(hq.place.disk, false);
  await hq.start();
  await hq.ready();
  const admin = new Session(hq.place.url, (await demoLogins(dataDirOf(hq.place.disk))).admin, patience);
  await admin.signIn();
  const parks = await Promise.all(
    parkIds.map(async (parkId) => {
      await openPark(admin, parkId, { capacity: CAPACITY, walkUpPercent: WALK_UP_PERCENT });
      const login = await hireStaff({ url: hq.place.url }, admin, parkId, patience);
      const park = await openChaosPark(ground, admin, parkId, login);
      tell(`${parkId}: its node is enrolled, its gates know it, its till is open`);
      return park;
    }),
  );
  const families: NewFamily[] = [];
  for (let each = 0; each < FAMILIES; each += 1) families.push(await newVerifiedFamily(hq.place.url, patience));
  await Promise.all([hq, ...parks.map((park) => park.node)].map((node) => node.stop()));
  await copyDirectory(join(ground.folder, 'live'), join(ground.folder, 'prepared'));
  return { ground, hq, provider, admin, parks, families };
}

/** Puts the chain back to where it was founded, and starts it. @param smallDisks names of the nodes that get one */
export async function beginAnew(
  chain: ChaosChain,
  { smallDisks, parts }: { readonly smallDisks: ReadonlySet<string>; readonly parts: Settings },
): Promise<ChaosChain> {
  const { ground, parks, provider } = chain;
  for (const name of ['hq', ...parks.map((park) => park.name)]) {
    await newDisk(diskOf(ground, name), smallDisks.has(name));
    await copyDirectory(dataDirOf(preparedOf(ground, name)), dataDirOf(diskOf(ground, name)));
  }
  await rm(markersOf(ground), { recursive: true, force: true });
  await cp(preparedOf(ground, 'markers'), markersOf(ground), { recursive: true });
  const hq = headquartersAt(ground, provider, parts);
  provider.standsBeside(hq);
  const fresh = { ...chain, hq };
  await hq.start();
  await hq.ready();
  for (const { node, gates } of parks) {
    for (const gate of gates) gate.beginAnew();
    node.restarts = 0;
    await node.setClock(0);
    await node.start();
  }
  await Promise.all(parks.map(({ node }) => node.ready()));
  await Promise.all(parks.map((park) => waitForShare(park)));
  await Promise.all(parks.flatMap(({ gates }) => gates.map((gate) => gate.listen())));
  return fresh;
}
