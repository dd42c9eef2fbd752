import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { assert } from '../../kernel/assert.ts';
import { createThief } from '../park/thief.suite.ts';
import { namesIn, openTwoNodes, PARK, toyLives, write, type TwoNodes } from '../park/two-nodes.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const newPark = (): MemoryNode => createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });

let world: TwoNodes;
afterEach(() => world.close());

/** Headquarters as a backup has it: in a given life, with the first events of another one's log. */
async function putBack(from: MemoryNode, life: string, count: number): Promise<MemoryNode> {
  let isFirst = true;
  const newIncarnation = (): string => {
    const id = isFirst ? life : randomUUID();
    isFirst = false;
    return id;
  };
  const to = createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: 'hq', newIncarnation });
  for (const { id, type, schemaVersion, data, ...stored } of await from.store.read(0, count)) {
    const { streamId, aggregateType, actor, correlationId, occurredAtMs, parkId } = stored;
    await to.store.append({
      streams: [{ streamId, aggregateType, expected: 'any', events: [{ id, type, schemaVersion, data }] }],
      context: { actor, correlationId, occurredAtMs, ...(parkId === null ? {} : { parkId }) },
    });
  }
  return to;
}

/** A park that has read what headquarters wrote: a, b and c. */
async function opened() {
  world = await openTwoNodes();
  const park = newPark();
  const lives = toyLives(park);
  await write(world.headquarters, 'PriceSet', ['a', 'b', 'c']);
  await world.until(await world.startPark(park, world.parkSigner, lives), 'drained');
  const old = world.headquarters;
  const { incarnation } = await old.replication.head();
  await world.close();
  return { park, lives, old, incarnation };
}

async function meet(headquarters: MemoryNode, { park, lives }: Awaited<ReturnType<typeof opened>>) {
  world = await openTwoNodes(headquarters, world.parkSigner);
  return world.startPark(park, world.parkSigner, lives);
}

const livesOf = async ({ replication }: MemoryNode): Promise<number> =>
  (await replication.authors()).filter(({ nodeId }) => nodeId === 'hq').length;

test('headquarters that was set back and has not noticed begins a new life when its park says hello, once', async () => {
  const before = await opened();
  const restored = await putBack(before.old, before.incarnation, 1);
  // It goes on in the old life, where the park knows other events.
  await write(restored, 'PriceSet', ['other b', 'other c', 'other d']);
  const sync = await meet(restored, before);
  await world.until(sync, 'drained');
  const { incarnation } = await restored.replication.head();
  expect(incarnation).not.toBe(before.incarnation);
  expect(world.registry.contacts[0]).toMatchObject({ verdict: 'ok', trouble: expect.stringContaining('set back') });
  // What it wrote in the old life the park cannot take; what it says from now on it does.
  await write(restored, 'PriceSet', ['e']);
  world.clock.advance(60_000);
  await world.until(sync, 'drained');
  expect(await namesIn(before.park, 'PriceSet')).toEqual(['a', 'b', 'c', 'e']);
  expect(world.registry.contacts.at(-1)).toMatchObject({ verdict: 'ok', trouble: null });
  expect([(await restored.replication.head()).incarnation, await livesOf(restored)]).toEqual([incarnation, 2]);
  // Nor does what the park writes bring it up again.
  await write(before.park, 'Sold', ['after']);
  world.news.length = 0;
  await world.until(sync, 'drained');
  expect(world.news.filter(({ trouble }) => trouble !== null)).toEqual([]);
  expect(await namesIn(restored, 'Sold')).toEqual(['after']);
});

test('a park that was put back, too, shows an older place, whose proof is as good; told again it begins nothing', async () => {
  const before = await opened();
  const newest = (await before.park.replication.peers())[0]?.feed ?? null;
  assert(newest !== null, 'the park has read nothing');
  world = await openTwoNodes(before.old, world.parkSigner);
  await write(before.old, 'PriceSet', ['d', 'e']);
  await world.until(await world.startPark(before.park, world.parkSigner, before.lives), 'drained');
  await world.close();
  // As the park was before it read the last two.
  const older = newPark();
  await older.replication.notePeer({ peerNodeId: 'hq', feed: newest, lastContactMs: NOW_MS });
  const restored = await putBack(before.old, before.incarnation, 1);
  await world.until(await meet(restored, { ...before, park: older, lives: toyLives(older) }), 'drained');
  expect(await livesOf(restored)).toBe(2);
  const { parkSigner: signer, ask } = world;
  const thief = createThief({ nodeId: PARK, signer, nowMs: NOW_MS, head: await older.replication.head(), ask });
  const told = await thief.hello(newest);
  expect(told).toMatchObject({ verdict: 'ok', trouble: expect.stringContaining('set back') });
  expect(await livesOf(restored)).toBe(2);
});

test('a life of headquarters that it never heard of is one that it lost, or one of a copy; it is told so once', async () => {
  const before = await opened();
  const later = await putBack(before.old, before.incarnation, 1);
  await later.replication.openIncarnation('restored');
  await write(later, 'PriceSet', ['of the second life']);
  await world.until(await meet(later, before), 'drained');
  await world.close();
  // From an older backup, of before the second life.
  const older = await putBack(before.old, before.incarnation, 2);
  await world.until(await meet(older, before), 'drained');
  expect((await older.replication.head()).incarnation).not.toBe(before.incarnation);
  expect(await livesOf(older)).toBe(3);
  await world.close();
  // Another park that had read the second life tells nothing new.
  await before.park.replication.notePeer({
    peerNodeId: 'hq',
    feed: { incarnation: (await later.replication.head()).incarnation, position: 90, link: 'A'.repeat(43) },
    lastContactMs: NOW_MS,
  });
  await world.until(await meet(older, before), 'drained');
  expect(await livesOf(older)).toBe(3);
});
