import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notePutBack } from '../simulation/diary.ts';
import { newDisk, parkNodeAt, type ChaosChain, type ChaosPark } from './chain.ts';
import { dataDirOf, type ChaosNode } from './node.ts';
import { ENDED, type Parts } from './parts.ts';
import type { Fault, Schedule } from './schedule.ts';
import { loseUnheard, type Scene } from './scene.ts';
import { isHeard } from './settle.ts';
import { heardOf } from './stopped.ts';
import { FAIR } from './wire.ts';

/** Where the copy of a machine answers, beside the true one. */
const COPY_PORT = 8082;

/** What is broken, so that it can be mended. */
export type Damage = {
  /** Park → when its data were put aside. */
  readonly aside: Map<string, number>;
  readonly copies: ChaosNode[];
};

export const noDamage = (): Damage => ({ aside: new Map(), copies: [] });

function parkOf({ chain }: Scene, parkId: string): ChaosPark {
  const park = chain.parks.find((each) => each.parkId === parkId);
  if (park === undefined) throw new Error(`there is no park ${parkId}`);
  return park;
}

const nodeOf = (scene: Scene, name: string): ChaosNode => (name === 'hq' ? scene.chain.hq : parkOf(scene, name).node);

const asideOf = ({ chain: { ground } }: Scene, parkId: string): string => join(ground.folder, `aside-${parkId}`);

/** Nodes whose disks a schedule fills: they get small ones. */
export const smallDisks = ({ steps }: Schedule): ReadonlySet<string> =>
  new Set(steps.flatMap((step) => (step.do === 'fill_disk' ? (step.node === 'hq' ? 'hq' : `${step.node}-node`) : [])));

async function putAside(scene: Scene, parkId: string, { aside }: Damage): Promise<void> {
  await nodeOf(scene, parkId).stop();
  aside.set(parkId, Date.now());
  await nodeOf(scene, parkId).putAside(asideOf(scene, parkId));
}

/** What the node acknowledged since its data were put aside may be gone, and nobody is to blame; what headquarters has taken is not. */
async function putBack(scene: Scene, parkId: string, { aside }: Damage): Promise<string | null> {
  const sinceMs = aside.get(parkId);
  if (sinceMs === undefined) return 'nothing was put aside';
  const node = nodeOf(scene, parkId);
  let heard: ReadonlySet<string> = new Set();
  await node.putBack(asideOf(scene, parkId), async () => {
    heard = await heardOf(node);
    // It serves people as soon as it is up.
    notePutBack(scene.diary, parkId, Date.now());
  });
  loseUnheard(scene.diary, parkId, sinceMs, heard);
  return null;
}

/** How long a park is waited for until headquarters has heard it. */
const HEARD_WITHIN_MS = 60_000;

/** The machine that headquarters hears first goes on. It is the true one: nobody could give its gates another. */
async function clone(scene: Scene, parkId: string, { copies }: Damage): Promise<string | null> {
  if (copies.some(({ place }) => place.name === `${parkId}-copy`)) return 'there is a copy already';
  const { ground } = scene.chain;
  const { node } = parkOf(scene, parkId);
  const copy = parkNodeAt(ground, parkId, `${parkId}-copy`, COPY_PORT);
  await newDisk(copy.place.disk, false);
  await node.stop();
  await node.copyData(dataDirOf(copy.place.disk));
  const [from, to] = [node, copy].map(({ place }) => place.settings['SKYPARK_MARKER_FILE'] ?? '');
  await copyFile(from ?? '', to ?? '');
  await node.start();
  if (!(await isHeard(scene, { parkId, sinceMs: Date.now(), withinMs: HEARD_WITHIN_MS })))
    return 'headquarters does not hear the park, and might go on with the copy';
  await copy.start();
  copies.push(copy);
  scene.diary.copied.add(parkId);
  return null;
}

/** Breaks or mends one thing. @returns why nothing came of it, or null */
export async function apply(scene: Scene, fault: Fault, damage: Damage, parts: Parts): Promise<string | null> {
  const { network } = scene.chain.ground;
  switch (fault.do) {
    case 'pull':
    case 'plug':
      network.setCable(parkOf(scene, fault.park).parkId, fault.cable, fault.do === 'pull' ? 'down' : 'up');
      return null;
    case 'weather':
      parkOf(scene, fault.park).wire.set(fault);
      return null;
    case 'break_connections':
      parkOf(scene, fault.park).wire.hangUp();
      return null;
    case 'kill':
    case 'power_cut':
      return (await nodeOf(scene, fault.node).kill(fault.do === 'kill' ? 'program' : 'machine')) ? null : ENDED;
    case 'pause':
    case 'resume':
      return (await nodeOf(scene, fault.node).signal(fault.do === 'pause' ? 'SIGSTOP' : 'SIGCONT')) ? null : ENDED;
    case 'clock':
      await nodeOf(scene, fault.node).setClock(fault.aheadMs);
      if (fault.aheadMs !== 0) scene.diary.ofTwoDays.add(fault.node);
      return null;
    case 'fill_disk':
      await nodeOf(scene, fault.node).fillDisk();
      return null;
    case 'free_disk':
      await nodeOf(scene, fault.node).freeDisk();
      return null;
    case 'put_aside':
      await putAside(scene, fault.park, damage);
      return null;
    case 'put_back':
      return putBack(scene, fault.park, damage);
    case 'clone':
      return clone(scene, fault.park, damage);
    case 'kill_part':
    case 'start_part':
      return parts.apply(fault.part, fault.do === 'kill_part' ? 'kill' : 'start');
  }
}

/** All cables are in, and nothing that is sent is late or lost. */
export function mendWays({ ground: { network }, parks }: ChaosChain): void {
  for (const { parkId, wire } of parks) {
    for (const cable of ['street', 'gates'] as const) network.setCable(parkId, cable, 'up');
    wire.set(FAIR);
  }
}

/** Everything works again, in whatever state it was. */
export async function mendAll(scene: Scene, { copies }: Damage, parts: Parts): Promise<void> {
  const { chain } = scene;
  mendWays(chain);
  await parts.startAll();
  for (const copy of copies) {
    await copy.signal('SIGCONT');
    await copy.stop();
  }
  for (const node of [chain.hq, ...chain.parks.map((park) => park.node)]) {
    await node.signal('SIGCONT');
    await node.setClock(0);
    await node.freeDisk();
    await node.start();
  }
}
