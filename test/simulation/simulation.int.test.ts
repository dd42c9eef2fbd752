import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { createCleanUp, temporaryDataDir } from '../support/product.ts';
import { createDatabases } from './databases.ts';
import { planOf } from './plan.ts';
import { runPlan } from './run-seed.ts';
import type { Plan } from './steps.ts';
import { openLane, prepareWorld, type Lane } from './world.ts';

/** As many as a run of all tests has time for, and one on any other server; `npm run sim` lives more. */
const SEEDS = process.env['TEST_DATABASE_URL'] ? ['1'] : ['1', '2', '3'];
const PLANS = new URL('plans/', import.meta.url);

describeWithDatabase('simulated days of the chain', () => {
  const { later, run } = createCleanUp();
  let lane: Lane;

  beforeAll(async () => {
    const server = inject('postgres');
    if (server === null) throw new Error('no server');
    const databases = createDatabases(server.adminUrl);
    const prepared = await prepareWorld(databases, await temporaryDataDir(later), `${server.run}_sim`);
    later(() => databases.drop(...Object.values(prepared.names)));
    lane = await openLane(prepared, databases, `${server.run}_lane`);
    later(() => lane.close());
  }, 300_000);
  afterAll(run);

  test.each(SEEDS)('seed %s keeps every rule, and happens again as it did', { timeout: 300_000 }, async (seed) => {
    const [one, again] = [await runPlan(lane, planOf(seed)), await runPlan(lane, planOf(seed))];
    expect(one.violations).toEqual([]);
    expect(again.lines).toEqual(one.lines);
  });

  test('plans that broke a rule once keep it', { timeout: 600_000 }, async () => {
    const files = (await readdir(PLANS)).filter((file) => file.endsWith('.json'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const plan = JSON.parse(await readFile(join(PLANS.pathname, file), 'utf8')) as Plan;
      const { violations } = await runPlan(lane, plan);
      expect({ file, violations }).toEqual({ file, violations: [] });
    }
  });
});
