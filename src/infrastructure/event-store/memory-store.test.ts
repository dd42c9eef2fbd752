import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { newId, NOON_MS, one } from './appends.suite.ts';
import { createMemoryEventStore } from './memory-store.ts';
import { describeEventStore } from './store-contract.suite.ts';
import { describeStoreGuards } from './store-guards.suite.ts';

const source = {
  open: async () => createMemoryEventStore({ clock: systemClock }),
  close: async () => undefined,
};

describeEventStore('in memory', source);
describeStoreGuards('in memory', source);

test('the events of one append are recorded at one moment, however long it takes', async () => {
  let now = NOON_MS;
  const store = createMemoryEventStore({ clock: { now: () => (now += 1) } });
  const streamId = newId();
  await store.append(one(streamId, 'none', 3));
  const { events } = await store.load(streamId);
  expect(new Set(events.map(({ recordedAtMs }) => recordedAtMs)).size).toBe(1);
});
