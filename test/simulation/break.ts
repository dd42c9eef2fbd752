import { statement } from '../../src/infrastructure/postgres/session.ts';
import { loseDevice } from './devices.ts';
import { lose, notePutBack, reach } from './diary.ts';
import { nodeOf, parkOf, type Scene } from './scene.ts';
import type { Fault } from './steps.ts';
import { nodeIdOf, type ParkId } from './places.ts';
import type { SimPark, World } from './world.ts';

const META = { actor: 'system', correlationId: 'simulation' } as const;

/** When a backup of a node was made, and until when headquarters had then heard each park. */
export type Backups = Map<'hq' | ParkId, { readonly atMs: number; readonly drainedMs: ReadonlyMap<ParkId, number> }>;

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

async function putAside(scene: Scene, of: 'hq' | ParkId, backups: Backups): Promise<string> {
  const { world, diary } = scene;
  await world.databases.keep(databaseOf(nodeOf(scene, of).place.databaseUrl), 'backup');
  backups.set(of, { atMs: world.clock.now(), drainedMs: new Map(diary.drainedMs) });
  return 'copied';
}

/** The machine of a node is put back to its backup; keys and marker are on another disk. */
async function putBack(scene: Scene, of: 'hq' | ParkId, backups: Backups): Promise<string> {
  const { world, diary } = scene;
  const backup = backups.get(of);
  if (backup === undefined) return 'no backup';
  const node = nodeOf(scene, of);
  if (node.isDiskFull) return 'the disk is full';
  await notePlacesUnderWay(scene, 'a node was put back');
  await node.stop();
  await world.databases.putBack(databaseOf(node.place.databaseUrl), 'backup');
  lose(diary, of, backup.atMs);
  if (of === 'hq') {
    // What headquarters alone still had of a machine that is gone.
    for (const parkId of diary.revoked) {
      diary.drainedMs.set(parkId, backup.drainedMs.get(parkId) ?? -Infinity);
      lose(diary, parkId, -Infinity);
    }
    diary.drainedMs.clear();
    for (const order of world.bank.orders.values()) order.isForgotten ||= order.changedAtMs >= backup.atMs;
  }
  reach(diary, of === 'hq' ? 'headquarters was put back' : 'a park was put back');
  notePutBack(diary, of, world.clock.now());
  node.forget(Infinity);
  await node.start();
  return 'put back';
}

const GRANTED = statement(
  'simulation.granted',
  `select event_type = 'CapacityGranted' as given, event_data->>'grantId' as id from store.event where event_type in ('CapacityGranted', 'CapacityCredited')`,
);

/** Places that headquarters has given and a park does not have yet. */
async function notePlacesUnderWay({ world, diary }: Scene, what: string): Promise<void> {
  type Row = { readonly given: boolean; readonly id: string };
  const { app } = world.headquarters;
  const given = (await app.database.rows<Row>(GRANTED)).flatMap((row) => (row.given ? [row.id] : []));
  const here = new Set<string>();
  for (const { node } of world.parks) {
    for (const row of await node.app.database.rows<Row>(GRANTED)) if (!row.given) here.add(row.id);
  }
  if (given.some((id) => !here.has(id))) reach(diary, `${what} while places were under way`);
}

/** Begins again where a step has stopped it for good. */
async function crash(scene: Scene, name: 'hq' | ParkId, forgets: number): Promise<string> {
  const node = nodeOf(scene, name);
  // It would not come up before somebody has made room.
  if (node.isDiskFull) return 'the disk is full';
  await notePlacesUnderWay(scene, 'a node was killed');
  await node.stop();
  node.forget(forgets);
  await node.start();
  reach(scene.diary, name === 'hq' ? 'headquarters was killed' : 'a park was killed');
  return 'killed';
}

/** From here on headquarters takes nothing of the park any more, and goes on at its gates and its desk. */
async function revoke(scene: Scene, parkId: ParkId): Promise<string> {
  const { world, diary } = scene;
  const { headquarters, people } = world;
  if (headquarters.isDiskFull) return 'the disk of headquarters is full';
  const revoked = await headquarters.app.modules.nodes.keepNodes.revoke(nodeIdOf(parkId), META);
  if (!revoked.ok) return revoked.refusal.code;
  lose(diary, parkId, -Infinity);
  diary.revoked.add(parkId);
  reach(diary, 'a park was revoked');
  const shift = await headquarters.call(people.gate[parkId], 'POST', '/gate/shifts', {
    park_id: parkId,
    float: '1000.00',
  });
  return `revoked, a shift at headquarters: ${shift.status}`;
}

export async function breakSomething(scene: Scene, fault: Fault, backups: Backups): Promise<string> {
  const { world, diary } = scene;
  switch (fault.kind) {
    case 'cut':
    case 'replies_lost':
    case 'mend': {
      const { link } = parkOf(scene, fault.park);
      link.fault = fault.kind === 'mend' ? 'none' : fault.kind;
      reach(diary, `link: ${fault.kind}`);
      return fault.park;
    }
    case 'messages':
      parkOf(scene, fault.park).link.next.push(...fault.faults);
      return fault.faults.join(', ');
    case 'crash':
      return crash(scene, fault.node, fault.forgets);
    case 'put_aside':
      return putAside(scene, fault.node, backups);
    case 'put_back':
      return putBack(scene, fault.node, backups);
    case 'skew':
      world.skews.set(nodeOf(scene, fault.node), fault.ms);
      world.passTo(world.clock.now());
      if (fault.ms !== 0) reach(diary, 'a clock went wrong');
      return `${fault.node} ${fault.ms}`;
    case 'disk_full':
    case 'disk_freed':
      nodeOf(scene, fault.node).isDiskFull = fault.kind === 'disk_full';
      reach(diary, 'a disk was full');
      return fault.node;
    case 'device_stolen':
      return loseDevice(scene, fault.device);
    case 'revoke':
      return revoke(scene, fault.park);
    case 'bank_away':
    case 'bank_back':
      world.bank.isAway = fault.kind === 'bank_away';
      return fault.kind;
  }
}

/** Headquarters and one park work again, and hear each other; the rest stays as it is. */
export async function mendCore({ headquarters, bank, skews, ...world }: World, park: SimPark): Promise<void> {
  bank.isAway = false;
  park.link.fault = 'none';
  park.link.next.length = 0;
  for (const node of [headquarters, park.node]) {
    skews.delete(node);
    node.isDiskFull = false;
    if (!node.isRunning) await node.start();
  }
  world.passTo(world.clock.now());
}

/** Everything works again. */
export async function mendAll({ nodes, parks, bank, skews, ...world }: World): Promise<void> {
  bank.isAway = false;
  bank.isMended = true;
  skews.clear();
  for (const { link } of parks) {
    link.fault = 'none';
    link.next.length = 0;
  }
  for (const node of nodes) {
    node.isDiskFull = false;
    if (!node.isRunning) await node.start();
  }
  world.passTo(world.clock.now());
}
