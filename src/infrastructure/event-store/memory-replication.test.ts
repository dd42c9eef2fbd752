import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { expectAll, messagesOf, schedule, tell } from './any-way.suite.ts';
import { describeHandingOut } from './handing-out-contract.suite.ts';
import { describeQuarantine } from './quarantine-contract.suite.ts';
import { createMemoryNode } from './memory-store.ts';
import { describeReceiving } from './receiving-contract.suite.ts';
import { describeToldAtOnce } from './told-at-once-contract.suite.ts';

const source = {
  open: async () => createMemoryNode({ clock: systemClock }),
  close: async () => undefined,
};

describeReceiving('in memory', source);
describeHandingOut('in memory', source);
describeQuarantine('in memory', source);
describeToldAtOnce('in memory', source);

test('whatever way the logs of others come in, in the end they are here, and ours is as we wrote it', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (plan) => {
      const node = createMemoryNode({ clock: systemClock });
      const { authors, messages } = await messagesOf(plan);
      await tell(node, messages);
      await expectAll(node, authors);
      const own = messages.filter((told) => told === null).length;
      expect(await node.store.balances(['own'])).toEqual([own]);
    }),
    { numRuns: 150 },
  );
});
