import { randomUUID } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, eventually, type Patience } from '../answered.ts';
import { demoLogins } from '../demo-logins.ts';
import { newVerifiedFamily } from '../new-family.ts';
import { freePort } from '../own-product.ts';
import { Session, type Login } from '../session.ts';
import { openPullableCable, type PullableCable } from './cable.ts';
import { askCli, startNodeProcess, type NodeProcess, type NodeSettings } from './node-process.ts';

const SETTLE_MS = 90_000;
const SIGN_IN_PAUSE_MS = 4_000;

/** A node with what it takes to start it again. */
export type ChainNode = {
  readonly name: string;
  readonly settings: NodeSettings;
  readonly url: string;
  /** Starts it again after a kill. */
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  cli(...words: readonly string[]): Promise<string>;
};

export type ParkNode = ChainNode & {
  readonly parkId: string;
  /** To headquarters. */
  readonly cable: PullableCable;
  /** Somebody with the roles of the park, signed in at its own node. */
  readonly staff: Session;
};

export type Chain = {
  readonly hq: ChainNode;
  readonly admin: Session;
  readonly parks: readonly ParkNode[];
  stop(): Promise<void>;
};

export type ChainPlan = {
  /** Slugs of the parks. */
  readonly parks: readonly string[];
  /** Most people inside, and places of a day. */
  readonly capacity: number;
  /** Of a day, what the park sells by itself. */
  readonly walkUpPercent: number;
  readonly folder: string;
  readonly patience: Patience;
  readonly tell: (line: string) => void;
};

async function nodeSettings(folder: string, name: string, more: NodeSettings): Promise<NodeSettings> {
  const dataDir = join(folder, name);
  await mkdir(dataDir);
  // Others may pass through: the database server runs under an account of its own when we are root.
  await chmod(dataDir, 0o755);
  return {
    PORT: String(await freePort()),
    SKYPARK_DATA_DIR: dataDir,
    SKYPARK_MODE: 'demo',
    LOG_LEVEL: 'silent',
    // Everybody of the demo comes from one address.
    RATE_LIMIT_PER_MINUTE: '1000000',
    ...more,
  };
}

export async function openNode(
  program: 'start' | 'park-node',
  name: string,
  settings: NodeSettings,
): Promise<ChainNode> {
  let running: NodeProcess | null = null;
  const start = async (): Promise<void> => {
    running = await startNodeProcess(program, settings);
  };
  return {
    name,
    settings,
    url: `http://127.0.0.1:${settings['PORT']}`,
    start,
    stop: async () => running?.stop(),
    kill: async () => running?.kill(),
    cli: (...words) => askCli(settings, ...words),
  };
}

export async function openPark(
  admin: Session,
  parkId: string,
  { capacity, walkUpPercent }: Pick<ChainPlan, 'capacity' | 'walkUpPercent'>,
): Promise<void> {
  const name = { ru: parkId, ky: parkId, en: parkId };
  const body = {
    id: parkId,
    names: name,
    addresses: name,
    capacity,
    price_under_3: '0.00',
    price_over_3: '350.00',
    walk_up_share_percent: walkUpPercent,
    // Never closed, so that people can be let in at any hour.
    open_time: '00:00',
    close_time: '23:59',
    lat: 42.87,
    lng: 74.59,
  };
  const header = { 'Idempotency-Key': randomUUID() };
  const made = await admin.call('open a park', (client, signal) =>
    client.POST('/api/v1/parks', { params: { header }, body, signal }),
  );
  bodyOf('open a park', 201, made);
}

/** Today in the parks' time zone. */
export const today = (): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Bishkek' }).format(new Date());

/** Somebody who manages the park and stands at its gates. */
export async function hireStaff(
  hq: Pick<ChainNode, 'url'>,
  admin: Session,
  parkId: string,
  patience: Patience,
): Promise<Login> {
  const { userId, login } = await newVerifiedFamily(hq.url, patience);
  const body = { roles: (['manager', 'gate'] as const).map((role) => ({ role, park_id: parkId })) };
  const given = await admin.call('give roles', (client, signal) =>
    client.PUT('/api/v1/admin/users/{id}/roles', { params: { path: { id: userId } }, body, signal }),
  );
  bodyOf('give roles', 200, given);
  return login;
}

/** Invites a node for the park, enrols it with the code, starts it, and waits until its staff can sign in there. */
async function openParkNode(hq: ChainNode, admin: Session, parkId: string, plan: ChainPlan): Promise<ParkNode> {
  const login = await hireStaff(hq, admin, parkId, plan.patience);
  const cable = await openPullableCable(hq.url);
  const name = `${parkId}-node`;
  const settings = await nodeSettings(plan.folder, name, {
    SKYPARK_ROLE: 'park',
    SKYPARK_NODE_ID: name,
    SKYPARK_PARK_ID: parkId,
    SKYPARK_HQ_URL: cable.url,
  });
  const invited = await admin.call('invite a node', (client, signal) =>
    client.POST('/api/v1/admin/nodes', { body: { name, park_id: parkId, home_from: today() }, signal }),
  );
  const { code } = bodyOf('invite a node', 201, invited);
  const node = await openNode('park-node', name, settings);
  await node.cli('enrol', '--code', code);
  await node.start();
  const staff = new Session(node.url, login, plan.patience);
  await eventually('staff at the park', SETTLE_MS, async () => {
    if ((await staff.trySignIn()).response.status === 200) return true;
    // Who they are is told by headquarters in its own time, and a wrong login may not be tried often.
    await sleep(SIGN_IN_PAUSE_MS);
    return null;
  });
  plan.tell(`${parkId}: its node is enrolled, and its staff sign in there`);
  return { ...node, parkId, cable, staff };
}

/** Headquarters and the nodes of its parks, each with a database of its own. */
export async function openChain(plan: ChainPlan): Promise<Chain> {
  const settings = await nodeSettings(plan.folder, 'hq', { SKYPARK_SANDBOX_PORT: String(await freePort()) });
  const hq = await openNode('start', 'hq', settings);
  const parks: ParkNode[] = [];
  const stop = async (): Promise<void> => {
    for (const park of parks) park.cable.close();
    await Promise.all([...parks, hq].map((node) => node.stop()));
  };
  try {
    await hq.start();
    const { admin: login } = await demoLogins(settings['SKYPARK_DATA_DIR'] ?? '');
    const admin = new Session(hq.url, login, plan.patience);
    await admin.signIn();
    for (const parkId of plan.parks) {
      await openPark(admin, parkId, plan);
      parks.push(await openParkNode(hq, admin, parkId, plan));
    }
    return { hq, admin, parks, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
