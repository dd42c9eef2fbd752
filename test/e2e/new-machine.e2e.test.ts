import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type Node } from '../support/nodes.ts';
import { createCleanUp } from '../support/product.ts';
import {
  countOf,
  faultsAt,
  freeAt,
  heldOf,
  insideAt,
  NODE,
  openLivesWorld,
  SHARE,
  type LivesWorld,
} from './lives-world.ts';

const { later, run } = createCleanUp();
let world: LivesWorld;
let dead: Node;

beforeAll(async () => {
  world = await openLivesWorld(later);
  dead = await world.openNewPark(await world.settingsOf('park'));
  await world.granted(dead);
}, 300_000);
afterAll(run);

test('a machine that is made anew has what the dead one sold and let in, and refuses whoever comes a second time', async () => {
  const { hq, scan, sell, inStep } = world;
  const [first, second, third] = await sell(dead, 6);
  for (const code of [first, second]) expect(await scan(dead.url, code ?? '')).toBe('admitted');
  await inStep(dead);
  const { incarnation: before } = await dead.app.replication.head();
  await dead.stop();
  await rm(world.folderOf('park'), { recursive: true });

  const fresh = await world.openNewPark(await world.settingsOf('fresh', 'new volume'));
  await eventually(
    () => countOf(fresh, 'TicketActivated'),
    (count) => count === 6,
  );
  // What headquarters wrote comes after that: the key of the dead one, by which its codes are good.
  await eventually(
    () => fresh.app.modules.nodes.publishedKeys(),
    (keys) => keys.filter(({ nodeId }) => nodeId === NODE).length === 2,
  );
  const [earlier] = (await fresh.app.replication.authors()).filter(({ incarnation }) => incarnation === before);
  expect(earlier?.isWhole).toBe(true);
  // It begins with a life of its own, not with one in place of another.
  expect(await countOf(fresh, 'IncarnationOpened')).toBe(0);
  for (const code of [first, second]) expect(await scan(fresh.url, code ?? '')).toBe('already_used');
  expect(await insideAt(fresh)).toBe(2);
  expect(await scan(fresh.url, third ?? '')).toBe('admitted');
  expect(await insideAt(fresh)).toBe(3);
  await inStep(fresh);
  expect(await heldOf(fresh)).toEqual(await heldOf(hq));
  expect([await faultsAt(fresh), await faultsAt(hq)]).toEqual([[], []]);
  // What the dead one was granted stays with it until the day is over; the new one sells what it is granted itself.
  const granted = await world.granted(fresh);
  const sold = await world.sellOut(fresh);
  expect(sold).toBeGreaterThanOrEqual(granted);
  expect(sold).toBeLessThanOrEqual(100 - SHARE);
  await inStep(fresh);
  expect(await countOf(hq, 'TicketActivated')).toBe(6 + sold);
  expect(await freeAt(hq)).toBeLessThanOrEqual(100 - SHARE - sold);
  // Another start finds nothing to mend either.
  await fresh.stop();
  const again = await world.open(await world.settingsOf('fresh', 'new volume'));
  await inStep(again);
  expect(await countOf(again, 'IncarnationOpened')).toBe(0);
}, 300_000);
