import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { openDatabaseGround } from './money-crash-database.suite.ts';
import { SCENARIOS } from './money-scenarios.suite.ts';
import { openMemoryGround, walk } from './money-walk.suite.ts';
import { isChange } from './money-world.suite.ts';

describe('money, whatever dies wherever', () => {
  test.each(SCENARIOS)('$title: before and after every call', async (scenario) => {
    for (const side of ['before', 'after'] as const) {
      expect(await walk(scenario, side, undefined, openMemoryGround)).toBeGreaterThan(30);
    }
  });
});

const WALKED = [
  'a payment that its message tells of, twice',
  'money after the end, when the place is gone, by elcard',
  'one order charged twice',
  'a part by a manager, then the rest with the ticket',
  'a cash sale in a shift, its refund from the till, and the close',
  'a provider that cannot be asked, whose statement tells',
];

describeWithDatabase('money in PostgreSQL, whatever dies', () => {
  // What earlier scenarios left unpaid is asked about for days, so each has a database of its own.
  let database: Awaited<ReturnType<typeof openDatabaseGround>>;
  beforeEach(async () => {
    database = await openDatabaseGround();
  });
  afterEach(() => database.close());

  test.each(SCENARIOS.filter(({ title }) => WALKED.includes(title)))('$title: after every change', async (scenario) => {
    expect(await walk(scenario, 'after', isChange, database.groundAt)).toBeGreaterThan(5);
  });
});
