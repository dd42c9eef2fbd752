import { afterEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { createTextSeal } from '../../infrastructure/keys/text-seal.ts';
import type { FeedPlace } from '../../kernel/replication.ts';
import { createThief } from '../park/thief.suite.ts';
import { openTwoNodes, PARK, write, type TwoNodes } from '../park/two-nodes.suite.ts';
import { createPlaceProofs } from './place-proofs.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');

let world: TwoNodes;
afterEach(() => world.close());

/** A park that has read what headquarters wrote, and somebody who has its key. */
async function opened() {
  world = await openTwoNodes();
  const park = createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });
  await write(world.headquarters, 'PriceSet', ['a', 'b', 'c']);
  const sync = await world.startPark(park);
  await world.until(sync, 'drained');
  const { ask, parkSigner: signer } = world;
  const thief = createThief({ nodeId: PARK, signer, nowMs: NOW_MS, head: await park.replication.head(), ask });
  return { park, sync, thief, place: await placeOf(park), life: await lifeOfHeadquarters() };
}

const lifeOfHeadquarters = async (): Promise<string> => (await world.headquarters.replication.head()).incarnation;

/** What the park shows in its hellos. */
async function placeOf({ replication }: MemoryNode): Promise<FeedPlace> {
  const feed = (await replication.peers())[0]?.feed ?? null;
  if (feed === null) throw new Error('the park has read nothing');
  return feed;
}

test('a park gets a proof with each place, and one that has none yet gets one as it reads on', async () => {
  const { park, sync, place } = await opened();
  expect(place).toMatchObject({ position: 3, proof: expect.stringMatching(/^[\w-]{43}$/) });
  const { proof: _lost, ...bare } = place;
  await park.replication.notePeer({ peerNodeId: 'hq', feed: bare, lastContactMs: NOW_MS });
  expect(await placeOf(park)).not.toHaveProperty('proof');
  world.clock.advance(60_000);
  await world.until(sync, 'drained');
  expect(await placeOf(park)).toEqual(place);
});

test('a place ahead that nobody was given begins no life, is shown, and stops only whoever says it', async () => {
  const { thief, sync, place, life } = await opened();
  const ahead = { ...place, position: 9_000 };
  const answers = [
    await thief.hello(ahead),
    await thief.hello({ ...ahead, proof: 'A'.repeat(43) }),
    // Of a place that is passed already, with another event in it.
    await thief.hello({ ...place, link: 'A'.repeat(43) }),
    // In a life that headquarters never had.
    await thief.hello({ ...place, incarnation: '00000000-0000-4000-8000-000000000001' }),
  ];
  for (const answer of answers) {
    expect(answer).toMatchObject({ verdict: 'unproven', session: null, feed: null, credit: 0 });
    expect(answer.trouble).toContain('cannot prove it');
  }
  expect(await lifeOfHeadquarters()).toBe(life);
  expect(world.registry.contacts.at(-1)).toMatchObject({ verdict: 'unproven', trouble: expect.any(String) });
  expect(world.news.at(-1)).toMatchObject({ step: 'hello', verdict: 'unproven' });
  await write(world.headquarters, 'PriceSet', ['d']);
  await world.until(sync, 'drained');
  expect(world.registry.contacts.at(-1)?.verdict).toBe('unproven');
  world.clock.advance(60_000);
  await world.until(sync, 'drained');
  expect(world.registry.contacts.at(-1)).toMatchObject({ verdict: 'ok', trouble: null });
});

test('an older program of a park is answered by a word that it knows', async () => {
  const { thief, place } = await opened();
  const answer = await thief.hello({ ...place, position: 9_000 }, { protocol: { min: 1, max: 1 } });
  expect(answer).toMatchObject({
    verdict: 'unknown',
    protocol: 1,
    trouble: expect.stringContaining('cannot prove it'),
  });
  expect(world.registry.contacts.at(-1)?.verdict).toBe('unproven');
});

test('nobody gets a proof of a place that is not there, or reads on from what headquarters does not have', async () => {
  const { thief, place, life } = await opened();
  const { session } = await thief.hello(place);
  const pull = { after: 9_000, rebuild: [] };
  await expect(thief.pull(session ?? '', pull)).rejects.toThrow('403');
  await expect(thief.pull(session ?? '', { ...pull, after: 3, link: 'A'.repeat(43) })).rejects.toThrow('403');
  expect((await thief.pull(session ?? '', { ...pull, after: 3, link: place.link })).place).toEqual(place);
  expect(await lifeOfHeadquarters()).toBe(life);
});

test('a proof is good for the node that got it, for that place, and of that headquarters', () => {
  const proofs = createPlaceProofs(createTextSeal(Buffer.alloc(32, 1)));
  const place = { incarnation: '00000000-0000-4000-8000-000000000001', position: 7, link: 'A'.repeat(43) };
  const proven = proofs.prove(PARK, place);
  expect(proofs.isProven(PARK, proven)).toBe(true);
  expect(proofs.isProven('park-osh', proven)).toBe(false);
  for (const other of [{ position: 8 }, { link: 'B'.repeat(43) }, { incarnation: place.incarnation.replace('1', '2') }])
    expect(proofs.isProven(PARK, { ...proven, ...other })).toBe(false);
  expect(proofs.isProven(PARK, place)).toBe(false);
  expect(createPlaceProofs(createTextSeal(Buffer.alloc(32, 2))).isProven(PARK, proven)).toBe(false);
});
