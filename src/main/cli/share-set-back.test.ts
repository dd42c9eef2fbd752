import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DATE, PARK, ShareWorld } from './share-world.suite.ts';

const NAME = `${PARK} on ${DATE}`;

/** A day with 25 places, five of them with the park. */
async function opened(): Promise<ShareWorld> {
  const world = new ShareWorld(25);
  await world.grantWalkUps();
  await world.pull(100, false);
  await world.push(100, false);
  return world;
}

async function sellAndPay(world: ShareWorld, at: 'hq' | 'park', places: number): Promise<void> {
  await world.sell(at, places);
  await world.settle('pay');
}

test('headquarters that was set back sells and grants nothing, while the park sells what it has', async () => {
  const world = await opened();
  await sellAndPay(world, 'hq', 6);
  await world.setBack(2);
  await sellAndPay(world, 'hq', 1);
  expect(world.soldForGood).toBe(6);
  await sellAndPay(world, 'park', 4);
  // The park asks for more.
  await world.tend(0);
  await world.push(100, false);
  await world.pull(100, true);
  expect([world.soldForGood, await world.parkFree()]).toEqual([10, 1]);
});

test('what it had sold comes back from the park as places that it does not have, and only the rest is sold again', async () => {
  const world = await opened();
  await sellAndPay(world, 'hq', 6);
  await sellAndPay(world, 'hq', 3);
  await world.setBack(2);
  expect(await world.hqPlaces()).toMatchObject({ free: 14, sold: 6, lost: 0 });
  await world.lift();
  expect(await world.hqPlaces()).toMatchObject({ free: 11, sold: 6, lost: 3 });
  await world.push(100, true);
  await sellAndPay(world, 'hq', 12);
  expect(world.soldForGood).toBe(9);
  await sellAndPay(world, 'hq', 11);
  expect([world.soldForGood, await world.parkFree()]).toEqual([20, 5]);
});

test('what it had granted is granted again by what the park has, also where it seems to have no places left for it', async () => {
  const world = await opened();
  await sellAndPay(world, 'park', 5);
  await world.tend(0);
  await world.push(100, false);
  await world.pull(100, false);
  const granted = await world.parkFree();
  expect(granted).toBeGreaterThan(0);
  await world.push(100, false);
  // The day itself was never opened, by what it knows.
  await world.setBack(100);
  expect(await world.hqPlaces()).toMatchObject({ free: 0, granted: 0 });
  await world.changeQuota(4);
  await world.lift();
  expect(await world.hqPlaces()).toMatchObject({ free: 0, granted: 5 + granted, deficit: 1 + granted });
  expect(world.accounts.faults()).toEqual([]);
  // It is the same grant: the park does not get it twice, nor its walk-up share.
  await world.grantWalkUps();
  await world.pull(100, true);
  expect(await world.parkFree()).toBe(granted);
});

type Move =
  | { readonly kind: 'sell'; readonly at: 'hq' | 'park'; readonly places: number }
  | { readonly kind: 'tend'; readonly minutes: number }
  | { readonly kind: 'pull' | 'push'; readonly count: number }
  | { readonly kind: 'setBack'; readonly count: number }
  | { readonly kind: 'grant' }
  | { readonly kind: 'lift' };

const counted = <Kind extends 'pull' | 'push' | 'setBack'>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), count: fc.integer({ min: 0, max: 9 }) });

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('sell' as const),
      at: fc.constantFrom('hq', 'park'),
      places: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tend' as const), minutes: fc.constantFrom(0, 6, 60) }) },
  { weight: 3, arbitrary: fc.oneof(counted('pull'), counted('push')) },
  { weight: 1, arbitrary: counted('setBack') },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'grant' as const }, { kind: 'lift' as const }) },
);

async function make(world: ShareWorld, one: Move): Promise<void> {
  if (one.kind === 'sell') return sellAndPay(world, one.at, one.places);
  if (one.kind === 'tend') return world.tend(one.minutes);
  if (one.kind === 'setBack') return world.setBack(one.count);
  if (one.kind === 'grant') return world.grantWalkUps();
  if (one.kind === 'lift') return world.lift();
  return world[one.kind](one.count, true);
}

test('however often headquarters is set back, nobody buys what is not there, and every place is somewhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 50 }), async (moves) => {
      const world = await opened();
      for (const one of moves) {
        await make(world, one);
        expect(world.soldForGood).toBeLessThanOrEqual(25);
      }
      await world.lift();
      const { free, deficit, held, sold, granted, lost } = await world.hqPlaces();
      expect(free + held + sold + granted + lost - deficit).toBe(25);
      const { writtenOff, inFlight, ...park } = world.accounts.of(NAME);
      expect([writtenOff, park.free + park.held + park.sold + inFlight]).toEqual([0, granted]);
      expect(world.accounts.faults()).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 120_000);
