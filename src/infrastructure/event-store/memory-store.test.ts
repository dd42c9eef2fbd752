import { systemClock } from '../clock.ts';
import { createMemoryEventStore } from './memory-store.ts';
import { describeEventStore } from './store-contract.suite.ts';
import { describeStoreGuards } from './store-guards.suite.ts';

const source = {
  open: async () => createMemoryEventStore({ clock: systemClock }),
  close: async () => undefined,
};

describeEventStore('in memory', source);
describeStoreGuards('in memory', source);
