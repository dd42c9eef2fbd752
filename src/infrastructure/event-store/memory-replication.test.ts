import { systemClock } from '../clock.ts';
import { describeHandingOut } from './handing-out-contract.suite.ts';
import { createMemoryNode } from './memory-store.ts';
import { describeReceiving } from './receiving-contract.suite.ts';

const source = {
  open: async () => createMemoryNode({ clock: systemClock }),
  close: async () => undefined,
};

describeReceiving('in memory', source);
describeHandingOut('in memory', source);
