import { expect, test } from 'vitest';
import { newDatabaseName, newRunName, runOf, templateName } from './database-names.ts';

const BEGAN_MS = 1_700_000_000_000;

test('every database of a run tells its run and when that began, within the 63 bytes of a PostgreSQL name', () => {
  const run = newRunName(BEGAN_MS + 999);
  for (const name of [newDatabaseName(run), templateName(run), `${templateName(run)}_draft`, run]) {
    expect(runOf(name)).toEqual({ run, beganMs: BEGAN_MS });
    expect(name.length).toBeLessThan(64);
  }
});

test('no two databases and no two runs get the same name', () => {
  const run = newRunName(BEGAN_MS);
  expect(newRunName(BEGAN_MS)).not.toBe(run);
  expect(newDatabaseName(run)).not.toBe(newDatabaseName(run));
});

test('a foreign database is never taken for one of ours', () => {
  for (const name of [
    'postgres',
    'skypark',
    'skypark_test',
    'skypark_test_170_ab',
    'my_skypark_test_1700000000_0011aabb',
  ]) {
    expect(runOf(name)).toBeNull();
  }
});
