import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { openDatabaseGround } from './money-crash-database.suite.ts';
import { SCENARIOS } from './money-scenarios.suite.ts';
import { walk } from './money-walk.suite.ts';
import { isChange } from './money-world.suite.ts';

/** The rest is walked in memory, and here by `npm run verify`. */
const WALKED = 'one ticket paid by both methods';

describeWithDatabase('money in PostgreSQL, whatever dies', () => {
  let database: Awaited<ReturnType<typeof openDatabaseGround>>;
  beforeAll(async () => {
    database = await openDatabaseGround();
  });
  afterAll(() => database.close());

  test.each(SCENARIOS.filter(({ title }) => title === WALKED))('$title: after every change', async (scenario) => {
    expect(await walk(scenario, 'after', isChange, database.groundAt)).toBeGreaterThan(5);
  });
});
