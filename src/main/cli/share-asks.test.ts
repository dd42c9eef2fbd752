import { expect, test } from 'vitest';
import { ShareWorld } from './share-world.suite.ts';

/** A park with its walk-up share of 20 of a day's 100 places, of which headquarters has sold the others but 4. */
async function nearlySoldOut(): Promise<ShareWorld> {
  const world = new ShareWorld(100);
  await world.grantWalkUps();
  await world.pull(100, false);
  await world.sell('hq', 76);
  return world;
}

test('a quota that is lowered twice while the park is away gets back what is lacking, and not the sum of both questions', async () => {
  const world = await nearlySoldOut();
  await world.changeQuota(95);
  await world.changeQuota(90);
  await world.pull(100, false);
  await world.pull(100, true);
  expect(await world.parkFree()).toBe(14);
  await world.push(100, false);
  expect(await world.hqPlaces()).toMatchObject({ free: 0, deficit: 0, held: 76, granted: 14 });
});

test('what went back before the second question was asked, and was still on its way, is not asked for again', async () => {
  const world = await nearlySoldOut();
  await world.changeQuota(95);
  await world.pull(100, false);
  expect(await world.parkFree()).toBe(19);
  await world.changeQuota(90);
  await world.pull(100, false);
  await world.push(100, false);
  expect([await world.parkFree(), (await world.hqPlaces()).free]).toEqual([14, 0]);
});

test('what headquarters has back already is no part of what it asks for', async () => {
  const world = await nearlySoldOut();
  for (const quota of [95, 90]) {
    await world.changeQuota(quota);
    await world.pull(100, false);
    await world.push(100, false);
  }
  expect([await world.parkFree(), (await world.hqPlaces()).free]).toEqual([14, 0]);
});
