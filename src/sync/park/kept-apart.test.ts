import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { context, event, newId, part } from '../../infrastructure/event-store/appends.suite.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import type { ParkSync } from './sync-round.ts';
import { namesIn, openTwoNodes, PARK, PARK_ID, write, type TwoNodes } from './two-nodes.suite.ts';

let world: TwoNodes;
let park: MemoryNode;
let sync: ParkSync;
beforeEach(async () => {
  world = await openTwoNodes();
  park = createMemoryNode({ clock: createManualClock(Date.parse('2026-12-05T06:00:00Z')), nodeId: PARK });
  sync = await world.startPark(park);
});
afterEach(() => world.close());

test('what no park writes is kept apart, and the rest of the log waits behind it', async () => {
  await write(park, 'Sold', ['good']);
  await world.until(sync, 'drained');
  await write(park, 'PriceSet', ['cheap']);
  await write(park, 'Sold', ['behind']);
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['good']);
  const kept = await world.headquarters.replication.quarantined();
  expect(kept.map(({ why }) => why)).toEqual(['event 2 is a PriceSet, which no park writes']);
  expect(world.news.at(-2)).toMatchObject({ step: 'push', isQuarantined: true });
});

test('what headquarters does not know waits until it is upgraded, and is not lost', async () => {
  await write(park, 'FromTheFuture', ['kept']);
  await write(park, 'Sold', ['behind']);
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(world.states.at(-1)?.trouble).toBe(
    'event 1 is a FromTheFuture, which headquarters does not know: upgrade it first',
  );
  world.travels.set('FromTheFuture', { up: true });
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'FromTheFuture')).toEqual(['kept']);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['behind']);
});

test('an event about another park is kept apart', async () => {
  await write(park, 'Sold', ['elsewhere'], 'osh');
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual([]);
});

test('an event without a park is kept apart, as nobody could say whose it is', async () => {
  await park.store.append({ streams: [part(newId(), 'none', [event('Sold', { name: 'nowhere' })])], context });
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual([]);
  const kept = await world.headquarters.replication.quarantined();
  expect(kept.map(({ why }) => why)).toEqual(['event 1 is a Sold without a park']);
});

test('what a park writes to a stream of headquarters is kept apart, in words of its own', async () => {
  const ticket = newId();
  const placed = { ...context, parkId: PARK_ID };
  const written = (name: string) => ({ streams: [part(ticket, 'none', [event('Sold', { name })])], context: placed });
  await world.headquarters.store.append(written('by headquarters'));
  await write(park, 'Sold', ['good']);
  await world.until(sync, 'drained');
  await park.store.append(written('by a thief'));
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(world.states.at(-1)).toMatchObject({
    verdict: 'ok',
    trouble: 'foreign_stream: event 2 is of a stream that node hq writes',
  });
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['by headquarters', 'good']);
  const [kept] = await world.headquarters.replication.quarantined();
  expect(kept).toMatchObject({ header: { nodeId: PARK, first: 2, last: 2 }, why: world.states.at(-1)?.trouble });
  expect(world.news.at(-2)).toMatchObject({ step: 'push', isQuarantined: true });
});
