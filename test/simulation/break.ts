import { statement } from '../../src/infrastructure/postgres/session.ts';
import { nodeOf, parkOf, type Scene } from './act.ts';
import { reach } from './diary.ts';
import type { Fault } from './plan.ts';
import type { ParkId, SimPark, World } from './world.ts';

/** When a backup of a node was made. */
export type Backups = Map<'hq' | ParkId, number>;

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

async function putAside(scene: Scene, of: 'hq' | ParkId, backups: Backups): Promise<string> {
  const { world } = scene;
  await world.databases.keep(databaseOf(nodeOf(scene, of).place.databaseUrl), 'backup');
  backups.set(of, world.clock.now());
  return 'copied';
}

/** The machine of a node is put back to its backup; keys and marker are on another disk. */
async function putBack(scene: Scene, of: 'hq' | ParkId, backups: Backups): Promise<string> {
  const { world, diary } = scene;
  const backedUpMs = backups.get(of);
  if (backedUpMs === undefined) return 'no backup';
  const node = nodeOf(scene, of);
  await notePlacesUnderWay(scene, 'a node was put back');
  await node.stop();
  await world.databases.putBack(databaseOf(node.place.databaseUrl), 'backup');
  for (const told of [...diary.tickets, ...diary.passages]) {
    if (told.at === of && told.atMs >= backedUpMs) told.isLost = true;
  }
  if (of === 'hq')
    for (const order of world.bank.orders.values()) order.isForgotten ||= order.changedAtMs >= backedUpMs;
  reach(diary, of === 'hq' ? 'headquarters was put back' : 'a park was put back');
  diary.putBack.add(of);
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
  await notePlacesUnderWay(scene, 'a node was killed');
  await node.stop();
  node.forget(forgets);
  await node.start();
  reach(scene.diary, name === 'hq' ? 'headquarters was killed' : 'a park was killed');
  return 'killed';
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
    if (!node.isRunning) await node.start();
  }
  world.passTo(world.clock.now());
}

/** Everything works again. */
export async function mendAll({ nodes, parks, bank, skews, ...world }: World): Promise<void> {
  bank.isAway = false;
  skews.clear();
  for (const { link } of parks) {
    link.fault = 'none';
    link.next.length = 0;
  }
  for (const node of nodes) if (!node.isRunning) await node.start();
  world.passTo(world.clock.now());
}
