import { Client } from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { dropDatabase, dropDeadRuns, urlOf, withClient } from './database-admin.ts';
import { newDatabaseName, newRunName, templateName } from './database-names.ts';
import { createTestDatabase, describeWithDatabase } from './database.ts';
import type { TestDatabase, TestDatabaseOptions } from './database.ts';

const MS_AN_HOUR = 3_600_000;

describeWithDatabase('databases of tests', () => {
  const made: TestDatabase[] = [];
  const adminUrl = inject('postgres')?.adminUrl ?? '';
  const run = inject('postgres')?.run ?? '';

  async function create(options?: TestDatabaseOptions): Promise<TestDatabase> {
    const database = await createTestDatabase(options);
    made.push(database);
    return database;
  }

  const exists = (name: string): Promise<boolean> =>
    withClient(adminUrl, async (client) => {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      return rowCount === 1;
    });

  afterAll(async () => {
    for (const database of made) await database.drop();
  });

  test('are separate although many are asked for at once, and come from one template nobody can change', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => create()));
    expect(new Set(all.map(({ url }) => url)).size).toBe(12);
    const [first, second] = all;
    await withClient(first?.url ?? '', (client) => client.query('CREATE TABLE mine ()'));
    const inSecond = await withClient(second?.url ?? '', (client) =>
      client.query(`SELECT to_regclass('mine') AS found`),
    );
    expect(inSecond.rows).toEqual([{ found: null }]);
    await expect(withClient(urlOf(adminUrl, templateName(run)), async () => undefined)).rejects.toThrow(
      'not currently accepting connections',
    );
  });

  test('are handed out prepared', async () => {
    const { url } = await create({
      prepare: (target) => withClient(target, async (client) => void (await client.query('CREATE TABLE seed ()'))),
    });
    const { rows } = await withClient(url, (client) => client.query(`SELECT to_regclass('seed') IS NOT NULL AS found`));
    expect(rows).toEqual([{ found: true }]);
  });

  test('may be empty', async () => {
    const { url } = await create({ from: 'empty' });
    const { rows } = await withClient(url, (client) =>
      client.query(`SELECT count(*)::int AS count FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
    );
    expect(rows).toEqual([{ count: 0 }]);
  });

  test('are dropped although somebody is still connected', async () => {
    const database = await create();
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    expect(await exists(new URL(database.url).pathname.slice(1))).toBe(false);
    await client.end();
  });

  test('of dead runs are dropped after an hour, those of runs that may live are kept', async () => {
    const hoursAgo = (hours: number): string => newRunName(Date.now() - hours * MS_AN_HOUR);
    const [dead, young, busy] = [
      newDatabaseName(hoursAgo(2)),
      newDatabaseName(hoursAgo(0.5)),
      newDatabaseName(hoursAgo(2)),
    ];
    await withClient(adminUrl, async (admin) => {
      for (const name of [dead, young, busy]) await admin.query(`CREATE DATABASE ${name}`);
      await withClient(urlOf(adminUrl, busy), () => dropDeadRuns(admin, Date.now() - MS_AN_HOUR));
      expect(await Promise.all([dead, young, busy].map(exists))).toEqual([false, true, true]);
      for (const name of [young, busy]) await dropDatabase(admin, name);
    });
  });
});
