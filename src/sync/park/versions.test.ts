import { afterEach, expect, test } from 'vitest';
import { context, newId, part } from '../../infrastructure/event-store/appends.suite.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import type { Travels } from '../../kernel/event-definition.ts';
import type { ParkSync } from './sync-round.ts';
import { createThief } from './thief.suite.ts';
import { keptIn, namesIn, openTwoNodes, PARK, PARK_ID, write, type TwoNodes } from './two-nodes.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const HELLO_MS = 30_000;

let world: TwoNodes;
let park: MemoryNode;
let sync: ParkSync;
afterEach(() => world.close());

/** @param more types that headquarters tells parks of and whose program does not know them */
async function open(...more: readonly (readonly [type: string, travels: Travels])[]): Promise<void> {
  world = await openTwoNodes(undefined, undefined, more);
  park = createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });
  sync = await world.startPark(park);
}

/** Headquarters begins to write a newer version of what parks know, and says from which one on they have to. */
function newVersion(type: string, version: number, mustUnderstand: number): void {
  world.travels.set(type, { ...world.travels.get(type), mustUnderstand });
  world.knows.set(type, version);
}

/** A newer program of the park, which goes on where the one before it was. */
async function upgradePark(type: string, version: number): Promise<void> {
  world.parkKnows = new Map([...world.parkKnows, [type, version]]);
  sync = await world.startPark(park);
}

async function writeVersion({ store }: MemoryNode, type: string, schemaVersion: number, name: string): Promise<void> {
  const event = { id: newId(), type, schemaVersion, data: { name } };
  await store.append({ streams: [part(newId(), 'none', [event])], context: { ...context, parkId: PARK_ID } });
}

const typesIn = async ({ store }: MemoryNode): Promise<readonly string[]> =>
  (await store.read(0, 1_000)).map(({ type }) => type);

test('what a park does not know and need not understand is kept as it is, and is there for its next program', async () => {
  await open(['SignPainted', { down: 'its_park' }]);
  await write(world.headquarters, 'SignPainted', ['green']);
  await write(world.headquarters, 'PriceSet', ['a']);
  await world.until(sync, 'drained');
  const [kept] = await park.store.read(0, 10, ['SignPainted']);
  const [written] = await world.headquarters.store.read(0, 10, ['SignPainted']);
  expect(kept).toMatchObject({ id: written?.id, data: { name: 'green' }, schemaVersion: 1 });
  expect(await namesIn(park, 'PriceSet')).toEqual(['a']);
  expect(world.registry.contacts.at(-1)).toMatchObject({ verdict: 'ok', trouble: null });
});

test('what it must understand stops its reading in sight of all, and not its selling, until it is upgraded', async () => {
  await open(['DoorsShut', { down: 'its_park', mustUnderstand: 1 }]);
  await write(world.headquarters, 'PriceSet', ['a', 'b']);
  await write(world.headquarters, 'DoorsShut', ['by night']);
  await write(world.headquarters, 'PriceSet', ['c']);
  await world.until(sync, 'outdated');
  expect(await namesIn(park, 'PriceSet')).toEqual(['a', 'b']);
  expect(await typesIn(park)).not.toContain('DoorsShut');
  expect(world.states.at(-1)).toMatchObject({
    verdict: 'upgrade_required',
    trouble: expect.stringContaining('a DoorsShut of version 1'),
  });
  await write(park, 'Sold', ['meanwhile']);
  world.clock.advance(HELLO_MS);
  await world.until(sync, 'outdated', 1);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['meanwhile']);
  expect(world.registry.contacts.at(-1)).toMatchObject({
    verdict: 'ok',
    trouble: expect.stringContaining('does not know a DoorsShut of version 1: upgrade it'),
  });
  await upgradePark('DoorsShut', 1);
  await world.until(sync, 'drained');
  expect((await typesIn(park)).filter((type) => type !== 'Sold')).toEqual([
    'PriceSet',
    'PriceSet',
    'DoorsShut',
    'PriceSet',
  ]);
  world.clock.advance(HELLO_MS);
  await world.until(sync, 'drained', 1);
  expect(world.registry.contacts.at(-1)).toMatchObject({ verdict: 'ok', trouble: null });
});

test('a version may be newer than a park knows, as long as it may know an older one', async () => {
  await open();
  newVersion('PriceSet', 2, 1);
  await writeVersion(world.headquarters, 'PriceSet', 1, 'one');
  await writeVersion(world.headquarters, 'PriceSet', 2, 'two');
  await world.until(sync, 'drained');
  expect(await namesIn(park, 'PriceSet')).toEqual(['one', 'two']);
  newVersion('PriceSet', 3, 3);
  // What was written in older versions says what it said before.
  await writeVersion(world.headquarters, 'PriceSet', 1, 'still one');
  await writeVersion(world.headquarters, 'PriceSet', 3, 'three');
  await world.until(sync, 'outdated');
  expect(await namesIn(park, 'PriceSet')).toEqual(['one', 'two', 'still one']);
  await upgradePark('PriceSet', 3);
  await world.until(sync, 'drained');
  expect(await namesIn(park, 'PriceSet')).toEqual(['one', 'two', 'still one', 'three']);
});

test('a version of a park that headquarters does not know waits there, and goes on once headquarters is upgraded', async () => {
  await open();
  await writeVersion(park, 'Sold', 2, 'by a newer program');
  await world.until(sync, 'trouble');
  expect((await keptIn(world.headquarters))[0]?.why).toContain('a Sold of version 2, which headquarters does not know');
  world.knows.set('Sold', 2);
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['by a newer program']);
});

test('headquarters tells apart nodes whose programs know other types than its own', async () => {
  await open();
  await world.until(sync, 'drained');
  expect(world.registry.contacts.at(-1)).toMatchObject({ knowsSameTypes: true, appVersion: '0.1.0', protocol: 2 });
  await upgradePark('Sold', 2);
  await world.until(sync, 'drained');
  expect(world.registry.contacts.at(-1)).toMatchObject({ knowsSameTypes: false });
});

test('a node of one protocol before is served, and one that is too old or too new is told who is to be upgraded', async () => {
  await open();
  await world.until(sync, 'drained');
  const { ask, parkSigner: signer } = world;
  const thief = createThief({ nodeId: PARK, signer, nowMs: NOW_MS, head: await park.replication.head(), ask });
  const hello = (min: number, max: number) => thief.hello(null, { protocol: { min, max } });
  expect(await hello(0, 1)).toMatchObject({ verdict: 'ok', protocol: 1, session: expect.any(String) });
  expect(await hello(0, 0)).toMatchObject({
    verdict: 'upgrade_required',
    session: null,
    trouble: 'the node speaks protocol 0, and 1 is the oldest: upgrade it',
  });
  // Of its hello much may be new; it is told all the same.
  const fromTheFuture = { protocol: { min: 3, max: 4 }, weather: 'fair', feed: null };
  expect(await thief.hello(null, fromTheFuture)).toMatchObject({
    verdict: 'upgrade_required',
    session: null,
    trouble: 'the node speaks protocol 3, and 2 is the newest: upgrade headquarters first',
  });
  expect(world.registry.contacts.at(-1)).toMatchObject({ verdict: 'upgrade_required', protocol: 2 });
});
