import { afterEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import type { ParkSync } from './sync-round.ts';
import { IN_FLIGHT_MS, SILENT_MS } from '../headquarters/judge-voice.ts';
import { namesIn, openTwoNodes, PARK, toyLives, write, type TwoNodes } from './two-nodes.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const newPark = (): MemoryNode => createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });
const letters = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `n${from + index}`);

let world: TwoNodes;
const open = async (): Promise<TwoNodes> => (world = await openTwoNodes());
afterEach(() => world.close());

test('a log that was set back is noticed; the node goes on in a new life and gets back what it lost', async () => {
  await open();
  const before = newPark();
  const sync = await world.startPark(before);
  await write(before, 'Sold', letters(20));
  await world.until(sync, 'drained');
  // A backup of the park: the same life, with the first twelve events only.
  const { incarnation } = await before.replication.head();
  const restored = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(before, restored, 12);
  const again = await world.startPark(restored, world.parkSigner, toyLives(restored));
  await world.until(again, 'restarted', 1);
  await write(restored, 'Sold', ['after']);
  // The one before was heard just now, and may still be there.
  await world.until(again, 'later', 1);
  expect(world.states.at(-1)).toMatchObject({ verdict: 'slow_down', trouble: expect.stringContaining('put back') });
  expect(await namesIn(world.headquarters, 'Sold')).not.toContain('after');
  world.clock.advance(SILENT_MS);
  await world.until(again, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual([...letters(20), 'after']);
  expect([...(await namesIn(restored, 'Sold'))].toSorted()).toEqual([...letters(20), 'after'].toSorted());
  // The copy from before writes on, and nobody takes it.
  await write(before, 'Sold', ['of a ghost']);
  world.clock.advance(60_000);
  expect(await stopping(sync)).toBe('closed');
  expect(await namesIn(world.headquarters, 'Sold')).not.toContain('of a ghost');
});

test('two copies that write in one life are a fork, and what the second one wrote waits for a person', async () => {
  await open();
  const one = newPark();
  const sync = await world.startPark(one);
  await write(one, 'Sold', letters(3));
  await world.until(sync, 'drained');
  const { incarnation } = await one.replication.head();
  const clone = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(one, clone, 3);
  await write(one, 'Sold', ['first']);
  await write(clone, 'Sold', ['second', 'third']);
  await world.until(sync, 'drained');
  const other = await world.startPark(clone, world.parkSigner, toyLives(clone));
  await write(world.headquarters, 'PriceSet', ['of no use to a copy']);
  expect(await stopping(other)).toBe('fork');
  const { incarnation: stopped } = await clone.replication.head();
  expect(stopped).not.toBe(incarnation);
  // Once is enough, and the one that goes on is not touched.
  world.clock.advance(60_000);
  expect(await other.round(new AbortController().signal)).toBe('trouble');
  expect((await clone.replication.head()).incarnation).toBe(stopped);
  expect(await namesIn(clone, 'PriceSet')).toEqual([]);
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual([...letters(3), 'first']);
});

test('a copy that comes late is no restored node: the one that it was copied from is heard again, and goes on', async () => {
  await open();
  const one = newPark();
  const sync = await world.startPark(one);
  await write(one, 'Sold', letters(3));
  await world.until(sync, 'drained');
  const { incarnation } = await one.replication.head();
  const clone = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(one, clone, 2);
  const other = await world.startPark(clone, world.parkSigner, toyLives(clone));
  world.clock.advance(1_000);
  await world.until(other, 'restarted', 1);
  await world.until(other, 'later', 1);
  world.clock.advance(IN_FLIGHT_MS);
  await write(one, 'Sold', ['of the true one']);
  await world.until(sync, 'drained');
  await write(world.headquarters, 'PriceSet', ['of no use to a copy']);
  expect(await stopping(other)).toBe('fork');
  expect(world.states.at(-1)?.trouble).toContain('another one goes on');
  expect(await namesIn(clone, 'PriceSet')).toEqual([]);
  world.clock.advance(SILENT_MS);
  await world.until(other, 'trouble', 1);
  await write(one, 'Sold', ['still there']);
  await world.until(sync, 'drained');
  expect((await one.replication.head()).incarnation).toBe(incarnation);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual([...letters(3), 'of the true one', 'still there']);
});

test('a copy that never wrote is found out as well, within its session', async () => {
  await open();
  const one = newPark();
  const sync = await world.startPark(one);
  await write(one, 'Sold', letters(3));
  await world.until(sync, 'drained');
  const { incarnation } = await one.replication.head();
  const clone = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(one, clone, 3);
  const other = await world.startPark(clone, world.parkSigner, toyLives(clone));
  world.clock.advance(1_000);
  await world.until(other, 'drained', 1);
  world.clock.advance(IN_FLIGHT_MS - 1_000);
  await world.until(sync, 'drained', 1);
  world.clock.advance(1_000);
  await world.until(sync, 'drained', 1);
  expect(await stopping(other)).toBe('fork');
  await write(one, 'Sold', ['still there']);
  await world.until(sync, 'drained');
  expect((await one.replication.head()).incarnation).toBe(incarnation);
});

test('a copy that says it ended where headquarters knows another event is no successor', async () => {
  await open();
  const one = newPark();
  const sync = await world.startPark(one);
  await write(one, 'Sold', letters(3));
  const { incarnation } = await one.replication.head();
  const clone = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(one, clone, 3);
  await write(one, 'Sold', letters(4, 3));
  await world.until(sync, 'drained');
  await write(clone, 'Sold', ['another one']);
  const lives = toyLives(clone);
  await clone.replication.seal(world.parkSigner);
  await lives.restart('restored', new AbortController().signal);
  expect(await stopping(await world.startPark(clone, world.parkSigner, lives))).toBe('fork');
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(7));
});

test('a copy that was let go on instead leaves what the other one wrote after they parted, and reads on', async () => {
  await open();
  const one = newPark();
  const sync = await world.startPark(one);
  await write(one, 'Sold', letters(3));
  await world.until(sync, 'drained');
  const { incarnation } = await one.replication.head();
  const clone = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(one, clone, 3);
  await write(one, 'Sold', letters(4, 3));
  await write(clone, 'Sold', ['other']);
  await world.until(sync, 'drained');
  const lives = toyLives(clone);
  const other = await world.startPark(clone, world.parkSigner, lives);
  await world.until(other, 'trouble');
  expect(world.states.at(-1)?.verdict).toBe('fork');
  await world.enrol(clone, world.parkSigner);
  await write(world.headquarters, 'PriceSet', ['new']);
  await world.until(other, 'drained');
  expect(await namesIn(clone, 'PriceSet')).toEqual(['new']);
  expect(await namesIn(clone, 'Sold')).toEqual([...letters(3), 'other']);
  expect(world.states.at(-1)).toMatchObject({ verdict: 'ok', trouble: null });
});

test('a revoked node is told so at once, within its session', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await write(park, 'Sold', letters(2));
  await world.until(sync, 'drained');
  const { incarnation, seq, link } = await park.replication.head();
  world.registry.revoke({ incarnation, seq, link });
  await write(park, 'Sold', ['late']);
  expect(await stopping(sync)).toBe('revoked');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(2));
});

test('a revoked node reads nothing more within its session', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await world.until(sync, 'drained');
  const { incarnation, seq, link } = await park.replication.head();
  world.registry.revoke({ incarnation, seq, link });
  await write(world.headquarters, 'PriceSet', ['of tomorrow']);
  expect(await sync.round(new AbortController().signal)).toBe('session_over');
  expect(await namesIn(park, 'PriceSet')).toEqual([]);
  expect(await stopping(sync)).toBe('revoked');
});

test('headquarters that was set back is noticed on both sides, and gets the rest from the park', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await write(park, 'Sold', letters(5));
  await write(world.headquarters, 'PriceSet', letters(4));
  await world.until(sync, 'drained');
  const old = world.headquarters;
  const { incarnation } = await old.replication.head();
  await world.close();
  // A backup of headquarters with two of its events and none of the park's, which begins a new life.
  const restored = createMemoryNode({ clock: world.clock, nodeId: 'hq', newIncarnation: lifeThen(incarnation) });
  await copy(old, restored, 2);
  await restored.replication.openIncarnation('restored');
  world = await openTwoNodes(restored, world.parkSigner);
  const again = await world.startPark(park);
  await write(restored, 'PriceSet', ['new']);
  await world.until(again, 'drained');
  expect(world.registry.contacts[0]?.trouble).toContain('set back');
  expect(world.states.some(({ trouble }) => trouble?.includes('set back'))).toBe(true);
  expect(await namesIn(restored, 'Sold')).toEqual(letters(5));
  expect(await namesIn(park, 'PriceSet')).toEqual([...letters(4), 'new']);
});

test('what a park that was put back got back from headquarters, headquarters that was put back later gets from the park', async () => {
  await open();
  const before = newPark();
  await world.until(await world.startPark(before), 'drained');
  await write(before, 'Sold', letters(12));
  const sync = await world.startPark(before);
  await world.until(sync, 'drained');
  const { incarnation } = await before.replication.head();
  // Of now there are backups of both, and then the park sells more.
  const backup = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(before, backup, 12);
  await write(before, 'Sold', letters(8, 12));
  await world.until(sync, 'drained');
  const park = createMemoryNode({ clock: world.clock, nodeId: PARK, newIncarnation: lifeThen(incarnation) });
  await copy(before, park, 12);
  const lives = toyLives(park);
  const again = await world.startPark(park, world.parkSigner, lives);
  await world.until(again, 'restarted', 1);
  await write(park, 'Sold', ['after']);
  world.clock.advance(SILENT_MS);
  await world.until(again, 'drained');
  expect((await namesIn(park, 'Sold')).toSorted()).toEqual([...letters(20), 'after'].toSorted());
  await world.close();

  const headquarters = createMemoryNode({ clock: world.clock, nodeId: 'hq' });
  world = await openTwoNodes(headquarters, world.parkSigner);
  // It knows the life that the park had when it was backed up, and what that had written.
  await world.until(await world.startPark(backup), 'drained');
  expect(await namesIn(headquarters, 'Sold')).toEqual(letters(12));
  world.clock.advance(SILENT_MS);
  await world.until(await world.startPark(park, world.parkSigner, lives), 'drained');
  expect(await namesIn(headquarters, 'Sold')).toEqual([...letters(20), 'after']);
});

/** The node is not the one that goes on: it begins a life of its own, and is told so again. @returns what it is told */
async function stopping(sync: ParkSync): Promise<string | undefined> {
  expect(await sync.round(new AbortController().signal)).toBe('restarted');
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  return world.states.at(-1)?.verdict;
}

/** The id of the first life, then new ones. */
function lifeThen(first: string): () => string {
  let count = 0;
  return () => ((count += 1) === 1 ? first : `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`);
}

/** Writes the first events of one node into another one as its own, as a restored database has them. */
async function copy(from: MemoryNode, to: MemoryNode, count: number): Promise<void> {
  for (const stored of await from.store.read(0, count)) {
    const { id, type, schemaVersion, data, streamId, aggregateType, actor, correlationId, occurredAtMs, parkId } =
      stored;
    await to.store.append({
      streams: [{ streamId, aggregateType, expected: 'any', events: [{ id, type, schemaVersion, data }] }],
      context: { actor, correlationId, occurredAtMs, ...(parkId === null ? {} : { parkId }) },
    });
  }
}
