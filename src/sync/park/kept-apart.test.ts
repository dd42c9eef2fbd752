import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { context, event, newId, part } from '../../infrastructure/event-store/appends.suite.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import type { Travels } from '../../kernel/event-definition.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { QUARANTINE_SEGMENTS } from '../../kernel/replication.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { createKeptLog } from '../headquarters/kept-segments.ts';
import type { ParkSync } from './sync-round.ts';
import {
  keptIn,
  KNOWN,
  namesIn,
  openTwoNodes,
  PARK,
  PARK_ID,
  TRAVELS,
  write,
  type TwoNodes,
} from './two-nodes.suite.ts';

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
  const kept = await keptIn(world.headquarters);
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
  world.knows.set('FromTheFuture', 1);
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
  const kept = await keptIn(world.headquarters);
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
  const [kept] = await keptIn(world.headquarters);
  expect(kept).toMatchObject({ nodeId: PARK, first: 2, last: 2, why: world.states.at(-1)?.trouble });
  expect(world.news.at(-2)).toMatchObject({ step: 'push', isQuarantined: true });
});

/** What a person can do with the only segment that is kept apart; with types that parks may write by now. */
async function keptSegment(nowUp: readonly string[] = []) {
  const { headquarters, registry, parksOf } = world;
  const travels = new Map<string, Travels | undefined>(TRAVELS);
  const knows = new Map([...KNOWN, ...nowUp.map((type) => [type, 1] as const)]);
  for (const type of nowUp) travels.set(type, { up: true });
  const [first] = await keptIn(world.headquarters);
  const found = await headquarters.replication.quarantinedSegment(first?.id ?? '');
  if (found === null) throw new Error('nothing is kept apart');
  const log = headquarters.replication;
  return { segment: found.segment, kept: createKeptLog({ log, travels, knows, parksOf, registry }) };
}

test('what was kept apart is stored once its cause is mended, and the log goes on behind it', async () => {
  await write(park, 'PriceSet', ['by the park']);
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  await write(park, 'Sold', ['behind']);
  const before = await keptSegment();
  expect(await before.kept.take(before.segment)).toBe('event 1 is a PriceSet, which no park writes');
  expect(await namesIn(world.headquarters, 'PriceSet')).toEqual([]);
  const { kept, segment } = await keptSegment(['PriceSet']);
  expect(await kept.take(segment)).toBeNull();
  expect(await kept.take(segment)).toBeNull();
  expect(await namesIn(world.headquarters, 'PriceSet')).toEqual(['by the park']);
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['behind']);
});

test('nobody can have a segment stored that was changed, or that comes before what is missing', async () => {
  await write(park, 'PriceSet', ['one']);
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  const { kept, segment } = await keptSegment(['PriceSet']);
  const changed = { ...segment, header: { ...segment.header, hlc: '7' } };
  expect(await kept.take(changed)).toBe('the signature is not of the key that it names');
  await write(park, 'PriceSet', ['two']);
  await park.replication.seal(world.parkSigner);
  const { incarnation } = await park.replication.head();
  const [later] = await park.replication.segmentsAfter(incarnation, 1, { segments: 1 });
  if (later === undefined) throw new Error('nothing was sealed');
  expect(await kept.take(later)).toBe('events from 1 on are missing');
  const stranger = { ...segment, header: { ...segment.header, nodeId: 'park-of-nobody' } };
  expect(await kept.take(stranger)).toBe('no such node is enrolled here');
  expect(await namesIn(world.headquarters, 'PriceSet')).toEqual([]);
});

test('a segment is waited for until its place is taken or its life has ended', async () => {
  await write(park, 'Sold', ['good']);
  await world.until(sync, 'drained');
  const accepted = await park.replication.head();
  await write(park, 'PriceSet', ['cheap']);
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  const { kept, segment } = await keptSegment();
  expect(await kept.isWaitedFor(segment)).toBe(true);
  const { header } = segment;
  const ofACopy = { ...segment, header: { ...header, previousLink: 'A'.repeat(43) } };
  expect(await kept.isWaitedFor(ofACopy)).toBe(false);
  expect(await kept.isWaitedFor({ ...segment, header: { ...header, first: 1 } })).toBe(false);
  world.registry.revoke(accepted);
  expect(await kept.isWaitedFor(segment)).toBe(false);
  expect(await kept.take(segment)).toBe('event 2 is a PriceSet, which no park writes');
});

test('a release does not get around whose a stream is', async () => {
  const foreign = systemIds.derive('day-end:osh/2026-12-05');
  const ended = part(foreign, 'none', [event('DayEnded', { date: '2026-12-05' })]);
  await park.store.append({ streams: [ended], context: { ...context, parkId: PARK_ID } });
  const ticket = newId();
  const sold = part(ticket, 'none', [event('Sold', { name: 'elsewhere' })]);
  await world.headquarters.store.append({ streams: [sold], context: { ...context, parkId: 'osh' } });
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  const why = 'event 1 is a DayEnded on a stream that is not its own';
  const onAStream = await keptSegment();
  expect(await onAStream.kept.take(onAStream.segment)).toBe(why);
  expect(await world.headquarters.store.read(0, 100, ['DayEnded'])).toEqual([]);

  const letIn = part(systemIds.derive(`gates:${ticket}`), 'none', [event('LetIn', { ticket: { id: ticket } })]);
  const thief = createMemoryNode({ clock: createManualClock(Date.parse('2026-12-05T06:00:00Z')), nodeId: PARK });
  await thief.store.append({ streams: [letIn], context: { ...context, parkId: PARK_ID } });
  await thief.replication.seal(world.parkSigner);
  const { incarnation } = await thief.replication.head();
  const [about] = await thief.replication.segmentsAfter(incarnation, 0, { segments: 1 });
  if (about === undefined || world.registry.node === null) throw new Error('nothing was sealed');
  const { incarnations } = world.registry.node;
  const lives = [...incarnations, { incarnation, closed: null, successor: null }];
  world.registry.node = { ...world.registry.node, incarnations: lives };
  expect(await onAStream.kept.take(about)).toBe('event 1 is about another park');
});

test('a node of which so much waits for people that there is no room is told so, and goes on when there is', async () => {
  const { replication } = world.headquarters;
  await write(park, 'PriceSet', ['cheap']);
  await park.replication.seal(world.parkSigner);
  const { incarnation } = await park.replication.head();
  const [segment] = await park.replication.segmentsAfter(incarnation, 0, { segments: 1 });
  if (segment === undefined) throw new Error('nothing was sealed');
  for (let more = 0; more < QUARANTINE_SEGMENTS; more += 1) {
    await replication.quarantine({ ...segment, signature: `another ${more}` }, 'of a thief');
  }
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(world.states.at(-1)?.trouble).toBe(
    'event 1 is a PriceSet, which no park writes; it is not kept, since so many segments of the node wait for a person that ' +
      'there is no room for more',
  );
  expect(world.news.at(-2)).toMatchObject({ step: 'push', isQuarantined: false });
  expect(await keptIn(world.headquarters)).toHaveLength(QUARANTINE_SEGMENTS);
  world.travels.set('PriceSet', { up: true });
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'PriceSet')).toEqual(['cheap']);
});

test('what the read models cannot take is kept apart with the reason; what may pass is sent again', async () => {
  const { replication } = world.headquarters;
  const receive = replication.receive.bind(replication);
  await write(park, 'Sold', ['odd']);
  replication.receive = () => Promise.reject(new StoreUnavailable('no room on the disk'));
  expect(await sync.round(new AbortController().signal)).toBe('unreachable');
  expect(await keptIn(world.headquarters)).toEqual([]);
  const why = 'the read models cannot take it: project_tickets fails with 23514 of places';
  replication.receive = async () => ({ outcome: 'unfit', why });
  expect(await sync.round(new AbortController().signal)).toBe('trouble');
  expect(world.states.at(-1)?.trouble).toBe(why);
  expect(await keptIn(world.headquarters)).toMatchObject([{ nodeId: PARK, first: 1, last: 1, why }]);
  const { kept, segment } = await keptSegment();
  expect(await kept.take(segment)).toBe(why);
  replication.receive = receive;
  expect(await kept.take(segment)).toBeNull();
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(['odd']);
});
