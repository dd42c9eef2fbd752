import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../postgres/session.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';

const CALLABLE = statement(
  'test.callable-functions',
  `select p.proname as name from pg_proc p
   where p.pronamespace = 'store'::regnamespace and has_function_privilege($1, p.oid, 'execute') order by 1`,
);

describeWithDatabase('the functions of the log', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog();
  });
  afterAll(() => log?.close());

  const callableBy = async (role: string) =>
    (await log.owner.rows<{ name: string }>(CALLABLE, [role])).map(({ name }) => name);

  test('are called by nobody who was not told of them', async () => {
    expect(await callableBy('public')).toEqual([]);
  });

  test('are called by the program as far as it calls them', async () => {
    const called = await callableBy('skypark_app');
    expect(called).toEqual(expect.arrayContaining(['append', 'receive', 'close_author']));
    expect(called.filter((name) => /refuse|position_of/u.test(name))).toEqual([]);
  });
});
