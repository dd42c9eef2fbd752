import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';
import { connectDatabase } from './database.ts';
import type { Database } from './database.ts';
import { assertDurable } from './durability.ts';

let temporary: TestDatabase;
let database: Database;

const connect = (url: string): Database =>
  connectDatabase({ url, poolSize: 1, applicationName: 'test', onError: () => undefined });

beforeAll(async () => {
  temporary = await createTestDatabase({ from: 'empty' });
  database = connect(temporary.url);
});

afterAll(async () => {
  await database.close();
  await temporary.drop();
});

describeWithDatabase('durability', () => {
  test('a session that does not wait for the disk is a fault in words', async () => {
    const url = new URL(temporary.url);
    url.searchParams.set('options', '-c synchronous_commit=off');
    const hasty = connect(url.href);
    expect(await assertDurable(hasty)).toContain('synchronous_commit is off: a crash may lose acknowledged facts');
    await hasty.close();
  });

  test('a lost search path is a fault in words', async () => {
    const faults = await database.transaction(async (session) => {
      await session.run('set local search_path = public');
      return assertDurable(session);
    });
    expect(faults.join()).toContain('a pooler dropped the options of the connection');
  });

  test('a supported server has no other faults than those of a test server without fsync', async () => {
    const faults = (await assertDurable(database)).filter(
      (fault) => !/^(fsync|synchronous_commit|full_page_writes) /.test(fault),
    );
    expect(faults).toEqual([]);
  });
});
