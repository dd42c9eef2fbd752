import { expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { namesIn, newSigner, openTwoNodes, PARK, write } from './two-nodes.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`);

test('the next push is under way while one is stored, and one that overtakes it is sent again', async () => {
  const world = await openTwoNodes();
  const park = createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });
  const sync = await world.startPark(park);
  await write(park, 'Sold', letters(2100));
  const paths: string[] = [];
  let [pushes, underWay, most] = [0, 0, 0];
  let letGo = (): void => undefined;
  const overtaken = new Promise<void>((resolve) => (letGo = resolve));
  world.weather = async (path, ask) => {
    paths.push(path);
    if (path !== '/sync/v1/push') return ask();
    pushes += 1;
    const isFirst = pushes === 1;
    most = Math.max(most, (underWay += 1));
    if (isFirst) await overtaken;
    const answer = await ask();
    letGo();
    underWay -= 1;
    return answer;
  };
  expect(await sync.round(new AbortController().signal)).toBe('drained');
  expect(most).toBe(2);
  expect(paths.filter((path) => path === '/sync/v1/hello')).toHaveLength(1);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(2100));
  expect(world.states.every(({ trouble }) => trouble === null)).toBe(true);
  await world.close();
});

test('what a park sealed every second while it was away is sent many segments at a time', async () => {
  const world = await openTwoNodes();
  const park = createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });
  const signer = newSigner();
  const sync = await world.startPark(park, signer);
  for (const name of letters(100)) {
    await write(park, 'Sold', [name]);
    await park.replication.seal(signer);
  }
  let pushes = 0;
  world.weather = async (path, ask) => {
    if (path === '/sync/v1/push') pushes += 1;
    return ask();
  };
  expect(await sync.round(new AbortController().signal)).toBe('drained');
  // Two are under way at once; where the second arrives first, it is sent again.
  expect(pushes).toBeGreaterThanOrEqual(2);
  expect(pushes).toBeLessThanOrEqual(3);
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(100));
  await world.close();
});
