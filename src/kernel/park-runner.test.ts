import { expect, test } from 'vitest';
import { systemIds } from '../infrastructure/ids.ts';
import type { EventStore } from './event-store.ts';
import { createParkRunner } from './park-runner.ts';
import { meta, newStore, runnerOn } from './runner-fixtures.suite.ts';
import { tally } from './tally.suite.ts';

const parksIn = async (store: EventStore): Promise<readonly (string | null)[]> =>
  (await store.read(0, 10)).map(({ parkId }) => parkId);

test('events of an aggregate that belongs to a park say so, unless the command says another park', async () => {
  const store = newStore();
  const runner = runnerOn(store);
  // It belongs to a park once it is there.
  const placed = { ...tally, parkOf: ({ total }: { readonly total: number }) => (total === 0 ? null : 'osh-center') };
  const stream = systemIds.next();
  for (const more of [{}, {}, { parkId: 'ala-archa' }]) {
    await runner.run(placed, stream, { kind: 'raise' }, { ...meta, ...more });
  }
  expect(await parksIn(store)).toEqual([null, 'osh-center', 'ala-archa']);
});

test('at the node of a park whatever says no park is about that one', async () => {
  const store = newStore();
  const runner = createParkRunner(runnerOn(store), 'osh-center');
  const stream = systemIds.next();
  await runner.run(tally, stream, { kind: 'raise' }, meta);
  await runner.run(tally, stream, { kind: 'raise' }, { ...meta, parkId: 'ala-archa' });
  expect(await parksIn(store)).toEqual(['osh-center', 'ala-archa']);
  expect((await runner.stateOf(tally, stream)).version).toBe(2);
});
