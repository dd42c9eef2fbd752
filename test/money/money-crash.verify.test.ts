import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { openDatabaseGround } from './money-crash-database.suite.ts';
import { SCENARIOS } from './money-scenarios.suite.ts';
import { openMemoryGround, walk } from './money-walk.suite.ts';
import { isChange } from './money-world.suite.ts';

const SIDES = ['before', 'after'] as const;

describe('money, whatever dies wherever', () => {
  test.each(SCENARIOS)('$title: at every call', async (scenario) => {
    for (const side of SIDES) {
      expect(await walk(scenario, side, undefined, openMemoryGround)).toBeGreaterThan(30);
    }
  });
});

describeWithDatabase('money in PostgreSQL, whatever dies', () => {
  let database: Awaited<ReturnType<typeof openDatabaseGround>>;
  beforeAll(async () => {
    database = await openDatabaseGround();
  });
  afterAll(() => database.close());

  test.each(SCENARIOS)('$title: before and after every change', async (scenario) => {
    for (const side of SIDES) {
      expect(await walk(scenario, side, isChange, database.groundAt)).toBeGreaterThan(5);
    }
  });
});
