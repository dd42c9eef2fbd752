import { describe, expect, test } from 'vitest';
import { createRandom } from '../support/random.ts';
import type { CrashPoint } from '../support/crash-plan.ts';
import { SCENARIOS } from './money-scenarios.suite.ts';
import { openMemoryGround, playWith, walk } from './money-walk.suite.ts';
import { isChange } from './money-world.suite.ts';

/**
 * A process dies once after everything it changes outside itself: in the log, in the inbox, at a provider, in a checkpoint.
 * Dying before a change, or at a call that only reads, leaves the world as one of these deaths does; `npm run verify` dies
 * there as well.
 */
describe('money, whatever dies', () => {
  test.each(SCENARIOS)('$title: after every change', async (scenario) => {
    expect(await walk(scenario, 'after', isChange, openMemoryGround)).toBeGreaterThan(5);
  });

  test.each(SCENARIOS)('$title: twice, by chance', async (scenario) => {
    const random = createRandom(SCENARIOS.indexOf(scenario) + 1);
    const point = (): CrashPoint => ({
      call: 1 + Math.floor(random() * 30),
      side: random() < 0.5 ? 'before' : 'after',
    });
    for (let round = 0; round < 5; round += 1) {
      const points = [point(), point()];
      expect((await playWith(scenario, { points, counts: isChange }, openMemoryGround)).deaths()).toBeLessThan(3);
    }
  });
});
