import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logOf } from './audit.suite.ts';
import { ShareAccounts } from './share-accounts.ts';
import { DATE, PARK, ShareWorld } from './share-world.suite.ts';

const NAME = `${PARK} on ${DATE}`;

type Move =
  | { readonly kind: 'sell'; readonly at: 'hq' | 'park'; readonly places: number }
  | { readonly kind: 'settle'; readonly how: 'pay' | 'expire' }
  | { readonly kind: 'quota'; readonly quota: number }
  | { readonly kind: 'grant' }
  | { readonly kind: 'tend'; readonly minutes: number }
  | { readonly kind: 'pull' | 'push'; readonly count: number; readonly repeated: boolean }
  | { readonly kind: 'restore'; readonly lost: number };

const carried = (kind: 'pull' | 'push') =>
  fc.record({ kind: fc.constant(kind), count: fc.integer({ min: 1, max: 8 }), repeated: fc.boolean() });

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sell' as const),
      at: fc.constantFrom('hq', 'park'),
      places: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), how: fc.constantFrom('pay', 'expire') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('quota' as const), quota: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'grant' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('tend' as const), minutes: fc.constantFrom(0, 6, 60, 300, 700) }),
  },
  { weight: 4, arbitrary: fc.oneof(carried('pull'), carried('push')) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), lost: fc.integer({ min: 0, max: 9 }) }) },
);

async function make(world: ShareWorld, one: Move): Promise<void> {
  switch (one.kind) {
    case 'sell':
      return world.sell(one.at, one.places);
    case 'settle':
      return world.settle(one.how);
    case 'quota':
      return world.changeQuota(one.quota);
    case 'grant':
      return world.grantWalkUps();
    case 'tend':
      return world.tend(one.minutes);
    case 'restore':
      return world.restore(one.lost);
    default:
      return world[one.kind](one.count, one.repeated);
  }
}

/** By what headquarters knows, and what is true. */
async function check(world: ShareWorld): Promise<void> {
  const { free, held, sold, granted, lost, deficit } = await world.hqPlaces();
  const park = world.accounts.of(NAME);
  const places = [free, held, sold, lost, park.free, park.held, park.sold, park.inFlight, park.writtenOff];
  expect(Math.min(...places, deficit)).toBeGreaterThanOrEqual(0);
  const isOpened = places.some((count) => count > 0) || deficit > 0;
  if (isOpened) expect(places.reduce((sum, count) => sum + count, 0)).toBe(world.quota + deficit);
  expect(park.free + park.held + park.sold + park.inFlight + park.writtenOff).toBe(granted);
  expect(world.accounts.faults()).toEqual([]);
  expect(world.soldForGood).toBeLessThanOrEqual(world.highestQuota);
}

test('places carried between two nodes, with lost, late and repeated carriage, cuts and restored nodes: none is made, none is sold twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 60 }), async (moves) => {
      const world = new ShareWorld(25);
      for (const one of [{ kind: 'grant' }, { kind: 'pull', count: 8, repeated: false }, ...moves] as const) {
        await make(world, one);
        await check(world);
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('everything is with headquarters again when the day is over and all was carried', async () => {
  const world = new ShareWorld(25);
  await world.grantWalkUps();
  await world.pull(100, false);
  expect(await world.parkFree()).toBe(5);
  await world.sell('park', 3);
  await world.settle('pay');
  await world.tend(0);
  await world.push(100, false);
  await world.pull(100, true);
  expect(await world.parkFree()).toBe(8);
  await world.tend(700);
  await world.push(100, true);
  expect(await world.parkFree()).toBe(0);
  expect(await world.hqPlaces()).toEqual({ free: 22, deficit: 0, held: 0, sold: 0, granted: 3, lost: 0 });
  expect(world.accounts.of(NAME)).toEqual({ free: 0, held: 0, sold: 3, inFlight: 0, writtenOff: 0 });
});

/** A park that is cut off sold its walk-up share of 30, and asks every five minutes for two hours. */
async function cutOffAndSoldOut(): Promise<ShareWorld> {
  const world = new ShareWorld(150);
  await world.grantWalkUps();
  await world.pull(100, false);
  await world.sell('park', 30);
  await world.settle('pay');
  for (let minutes = 0; minutes < 120; minutes += 5) await world.tend(5);
  return world;
}

test.each([
  ['all at once', 1_000],
  ['one by one', 1],
])('what a park asked for again and again while it was cut off is granted once, told %s', async (_how, atOnce) => {
  const world = await cutOffAndSoldOut();
  for (let left = 40; left > 0; left -= 1) await world.push(atOnce, false);
  expect(await world.hqPlaces()).toMatchObject({ free: 104, granted: 46 });
  await world.pull(1_000, false);
  await world.tend(5);
  await world.push(1_000, false);
  expect(await world.parkFree()).toBe(16);
  expect(await world.hqPlaces()).toMatchObject({ free: 104, granted: 46 });
});

test('what has come meanwhile answers all that was asked before', async () => {
  const world = await cutOffAndSoldOut();
  await world.push(3, false);
  await world.pull(1_000, false);
  await world.push(1_000, false);
  expect(await world.hqPlaces()).toMatchObject({ free: 104, granted: 46 });
});

test('the last place of headquarters stays there', async () => {
  const world = new ShareWorld(5);
  await world.grantWalkUps();
  await world.pull(100, false);
  await world.sell('park', 1);
  await world.sell('hq', 3);
  await world.tend(0);
  await world.push(100, false);
  expect(await world.hqPlaces()).toMatchObject({ free: 1, granted: 1 });
});

test('a restored park sells nothing until it is granted places anew', async () => {
  const world = new ShareWorld(25);
  await world.grantWalkUps();
  await world.pull(100, false);
  await world.push(100, false);
  await world.restore(0);
  await world.pull(100, true);
  expect(await world.parkFree()).toBe(0);
  await world.sell('park', 1);
  await world.settle('pay');
  expect(world.soldForGood).toBe(0);
  await world.tend(0);
  await world.push(100, false);
  expect(world.accounts.of(NAME)).toMatchObject({ free: 0, writtenOff: 5 });
  await world.pull(100, false);
  expect(await world.parkFree()).toBeGreaterThan(0);
});

test('a lowered quota is made up for by places that the park has not sold', async () => {
  const world = new ShareWorld(25);
  await world.grantWalkUps();
  await world.pull(100, false);
  await world.sell('park', 2);
  await world.changeQuota(3);
  expect(await world.hqPlaces()).toMatchObject({ free: 0, deficit: 2, granted: 5 });
  await world.pull(100, false);
  await world.push(100, false);
  expect(await world.hqPlaces()).toMatchObject({ free: 0, deficit: 0, granted: 3 });
});

test('a park that has forgotten what it returned answers the same request with other places, and both come home', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ lowered: fc.integer({ min: 0, max: 22 }), raised: fc.integer({ min: 26, max: 60 }) }),
      fc.integer({ min: 0, max: 2 }),
      async ({ lowered, raised }, lost) => {
        const world = new ShareWorld(25);
        await world.grantWalkUps();
        await world.pull(100, false);
        await world.sell('hq', 20);
        await world.settle('pay');
        await world.changeQuota(lowered);
        await world.pull(100, false);
        await world.push(100, false);
        await world.restore(lost);
        await world.changeQuota(raised);
        await world.tend(0);
        await world.push(100, true);
        // The grant first, then all of it once more, the request among it.
        await world.pull(100, true);
        await world.pull(100, true);
        await world.push(100, true);
        await check(world);
        expect(world.accounts.of(NAME).inFlight).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test.each([
  ['the log of the park that it was for', 'first', []],
  ['a log that was begun since', 'second', ['grant was taken by another log of the park than it was for']],
])('a grant is taken by %s', (_what, incarnation, faults) => {
  const accounts = new ShareAccounts();
  const of = { parkId: PARK, date: DATE, places: 5, grantId: 'grant' };
  const [granted, credited] = logOf([
    { type: 'CapacityGranted', data: { ...of, toIncarnation: 'first' } },
    { type: 'CapacityCredited', data: of },
  ]);
  if (granted === undefined || credited === undefined) throw new Error('two events');
  accounts.see(granted, { nodeId: 'hq', incarnation: 'hq', isOwn: true, isHeadquarters: false });
  accounts.see(credited, { nodeId: 'park', incarnation, isOwn: false, isHeadquarters: false });
  expect(accounts.faults()).toEqual(faults);
});
