import { afterEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { SILENT_MS } from '../headquarters/judge-voice.ts';
import { MOST_OPENED } from '../protocol/limits.ts';
import { namesIn, newSigner, openTwoNodes, PARK, toyLives, write, type TwoNodes } from './two-nodes.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const newPark = (): MemoryNode => createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });
const letters = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `n${from + index}`);

let world: TwoNodes;
const open = async (): Promise<TwoNodes> => (world = await openTwoNodes());
afterEach(() => world.close());

test('what a node still had of the life before goes up first, also over several lives that headquarters never heard of', async () => {
  await open();
  const park = newPark();
  const lives = toyLives(park);
  const sync = await world.startPark(park, world.parkSigner, lives);
  await write(park, 'Sold', letters(3));
  await world.until(sync, 'drained');
  const never = new AbortController().signal;
  for (const from of [3, 6, 9]) {
    await write(park, 'Sold', letters(3, from));
    await park.replication.seal(world.parkSigner);
    await lives.restart('restored', never);
  }
  await write(park, 'Sold', ['last']);
  world.clock.advance(60_000);
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual([...letters(12), 'last']);
  expect(world.registry.node?.incarnations.map(({ closed }) => closed?.seq ?? null)).toEqual([6, 4, 4, null]);
});

test('lives that do not fit into one hello are told in several, and a new start of the program needs no more than the last', async () => {
  await open();
  const park = newPark();
  const lives = toyLives(park);
  const sync = await world.startPark(park, world.parkSigner, lives);
  await write(park, 'Sold', letters(1));
  await world.until(sync, 'drained');
  const never = new AbortController().signal;
  for (let life = 1; life <= 2 * MOST_OPENED + 3; life += 1) {
    await lives.restart('restored', never);
    await write(park, 'Sold', letters(1, life));
    await park.replication.seal(world.parkSigner);
  }
  world.clock.advance(SILENT_MS);
  const again = await world.startPark(park, world.parkSigner, lives);
  await world.until(again, 'drained');
  expect(world.news.flatMap(({ step, verdict }) => (step === 'hello' ? [verdict] : []))).toEqual([
    'ok',
    'slow_down',
    'slow_down',
    'slow_down',
    'ok',
  ]);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(2 * MOST_OPENED + 4));
  const third = await world.startPark(park, world.parkSigner, lives);
  await lives.restart('restored', never);
  await write(park, 'Sold', ['last']);
  world.clock.advance(SILENT_MS);
  await world.until(third, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toContain('last');
}, 60_000);

test('a machine that is made anew gets back all lives of the one before, and then what headquarters says', async () => {
  await open();
  const dead = newPark();
  const lives = toyLives(dead);
  const sync = await world.startPark(dead, world.parkSigner, lives);
  await write(dead, 'Sold', letters(1200));
  await world.until(sync, 'drained');
  await lives.restart('restored', new AbortController().signal);
  await write(dead, 'Sold', letters(20, 1200));
  world.clock.advance(60_000);
  await world.until(sync, 'drained');
  await write(world.headquarters, 'PriceSet', ['new']);
  const fresh = newPark();
  const signer = newSigner();
  await world.enrol(fresh, signer);
  const again = await world.startPark(fresh, signer);
  await write(fresh, 'Sold', ['first of the new machine']);
  await world.until(again, 'drained');
  // It has not begun a life in place of another one: nothing of its own is to be told of.
  expect(await namesIn(fresh, 'Sold')).toEqual(['first of the new machine', ...letters(1220)]);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual([...letters(1220), 'first of the new machine']);
  const order = (await fresh.store.read(0, 10_000, ['Sold', 'PriceSet'])).map(({ type }) => type);
  expect(order.indexOf('PriceSet')).toBe(1221);
});
