import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';
import { openConnection } from './database.ts';
import type { Connection } from './database.ts';
import { migrate } from './migrate.ts';
import type { MigrateReport, MigrateSettings } from './migrate.ts';
import type { MigrationSource } from './migration-files.ts';
import { MigrationFault } from './migration-files.ts';
import { statement } from './session.ts';

type Files = Readonly<Record<string, string>>;

let temporary: TestDatabase;
let connection: Connection;
let folder: string;
let log: string[];

beforeEach(async () => {
  temporary = await createTestDatabase({ from: 'empty' });
  connection = await openConnection({ url: temporary.url, applicationName: 'test' });
  folder = await mkdtemp(join(tmpdir(), 'skypark-migrate-'));
  log = [];
});

afterEach(async () => {
  await connection.close();
  await temporary.drop();
  await rm(folder, { recursive: true });
});

/** Writes the files of one source, named by its folder, and removes what it had before. */
async function source(name: string, files: Files): Promise<MigrationSource> {
  const directory = join(folder, name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
  return { name, directory: pathToFileURL(directory) };
}

const run = (sources: readonly MigrationSource[], more: Partial<MigrateSettings> = {}): Promise<MigrateReport> =>
  migrate(temporary.url, sources, { log: (line) => log.push(line), ...more });

const runFiles = async (files: Files, more: Partial<MigrateSettings> = {}): Promise<MigrateReport> =>
  run([await source('park', files)], more);

const HISTORY = statement(
  'test.history',
  'select source, number, name from public.schema_migration order by applied_at',
);
const TABLES = statement(
  'test.tables',
  `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')
     and relname not like 'schema_migration%' order by relname`,
);
const INVALID = statement('test.invalid', 'select count(*) as count from pg_index where not indisvalid');
const tables = async (): Promise<string[]> =>
  (await connection.rows<{ relname: string }>(TABLES)).map(({ relname }) => relname);

describeWithDatabase('applying', () => {
  test('runs sources in their order and files by number, and remembers them', async () => {
    const store = await source('store', {
      '0002-b.sql': 'alter table a add b int;',
      '0001-a.sql': 'create table a (x int);',
    });
    const park = await source('park', { '0001-c.sql': 'create table c (b int); insert into c select b from a;' });
    const report = await run([store, park]);
    expect(report).toEqual({
      applied: ['store/0001-a.sql', 'store/0002-b.sql', 'park/0001-c.sql'],
      pending: [],
      canSetRole: true,
    });
    expect(await connection.rows(HISTORY)).toEqual([
      { source: 'store', number: 1, name: '0001-a.sql' },
      { source: 'store', number: 2, name: '0002-b.sql' },
      { source: 'park', number: 1, name: '0001-c.sql' },
    ]);
  });

  test('a second run finds nothing to do, and later files follow', async () => {
    const first = { '0001-a.sql': 'create table a ();' };
    await runFiles(first);
    expect(await runFiles(first)).toMatchObject({ applied: [] });
    expect(await runFiles({ ...first, '0002-b.sql': 'create table b ();' })).toMatchObject({
      applied: ['park/0002-b.sql'],
    });
  });

  test('only checking tells what is pending and changes nothing', async () => {
    const files = { '0001-a.sql': 'create table a ();' };
    expect(await runFiles(files, { onlyCheck: true })).toMatchObject({ applied: [], pending: ['park/0001-a.sql'] });
    expect(await tables()).toEqual([]);
    await runFiles(files);
    expect(await runFiles(files, { onlyCheck: true })).toMatchObject({ applied: [], pending: [] });
  });

  test('settings changed by one file do not reach the next', async () => {
    await runFiles({
      '0001-a.sql': 'create schema elsewhere; set search_path = elsewhere;',
      '0002-b.sql': '-- migrate: no-transaction\nset search_path = elsewhere;',
      '0003-c.sql': 'create table c ();',
    });
    expect(await tables()).toEqual(['c']);
  });
});

describeWithDatabase('several processes at once', () => {
  test('one works, the others wait and then find nothing to do', async () => {
    const files = await source('park', {
      '0001-a.sql': 'create table a (x int); select pg_sleep(0.3);',
      '0002-b.sql': 'insert into a values (1);',
    });
    const reports = await Promise.all([1, 2, 3, 4].map(() => run([files])));
    expect(reports.map(({ applied }) => applied.length).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 2]);
    expect(log.filter((line) => line.includes('waiting')).length).toBe(3);
  });

  test('those who wait do not block an index built concurrently', async () => {
    const files = await source('park', {
      '0001-a.sql': 'create table a (x int); select pg_sleep(0.3);',
      '0002-b.sql': '-- migrate: no-transaction\ncreate index concurrently a_x on a (x);',
    });
    const reports = await Promise.all([1, 2, 3].map(() => run([files])));
    expect(reports.map(({ applied }) => applied.length).toSorted((a, b) => a - b)).toEqual([0, 0, 2]);
  });

  test('waiting has an end', async () => {
    const files = await source('park', { '0001-a.sql': 'select pg_sleep(1);' });
    const slow = run([files]);
    await expect
      .poll(() =>
        connection
          .rows(
            statement(
              'test.locked',
              `select from pg_locks where locktype = 'advisory' and
      database = (select oid from pg_database where datname = current_database())`,
            ),
          )
          .then((rows) => rows.length),
      )
      .toBe(1);
    await expect(run([files], { waitMs: 100 })).rejects.toThrow('another process still migrates');
    await slow;
  });
});

describeWithDatabase('an applied file', () => {
  test('that was edited stops the start with its name', async () => {
    await runFiles({ '0001-a.sql': 'create table a ();', '0002-b.sql': 'create table b ();' });
    const edited = { '0001-a.sql': 'create table a (x int);', '0002-b.sql': 'create table b ();' };
    await expect(runFiles(edited)).rejects.toThrow('park/0001-a.sql: changed after it was applied');
    await expect(runFiles(edited, { onlyCheck: true })).rejects.toThrow(MigrationFault);
  });

  test('may get other line ends', async () => {
    await runFiles({ '0001-a.sql': 'create table a ();\nselect 1;\n' });
    expect(await runFiles({ '0001-a.sql': 'create table a ();\r\nselect 1;\r\n' })).toMatchObject({ applied: [] });
  });

  test('that was renamed stops the start', async () => {
    await runFiles({ '0001-a.sql': 'create table a ();' });
    await expect(runFiles({ '0001-z.sql': 'create table a ();' })).rejects.toThrow(
      'was applied under the name 0001-a.sql',
    );
  });
});

describeWithDatabase('a program older than the schema', () => {
  const old = { '0001-a.sql': 'create table a ();' };

  test('does not start, unless newer schemas are allowed', async () => {
    await runFiles({ ...old, '0002-b.sql': 'create table b ();' });
    await expect(runFiles(old)).rejects.toThrow('the schema is newer than this program: park/0002-b.sql');
    expect(await runFiles(old, { allowNewer: true })).toMatchObject({ applied: [] });
    expect(log.at(-1)).toBe('the schema is newer than this program: park/0002-b.sql');
  });

  test('never starts on a breaking migration that it does not know', async () => {
    await runFiles({ ...old, '0002-b.sql': '-- migrate: breaking\ndrop table a;' });
    await expect(runFiles(old, { allowNewer: true })).rejects.toThrow('park/0002-b.sql; and breaks older programs');
  });

  test('hears of sources it does not know at all', async () => {
    await run([await source('park', old), await source('shop', { '0001-s.sql': 'select 1;' })]);
    await expect(runFiles(old)).rejects.toThrow('shop/0001-s.sql');
  });
});

describeWithDatabase('a failing file', () => {
  test('leaves nothing, names itself, the error and the line, and keeps what came before it', async () => {
    const files = {
      '0001-a.sql': 'create table a ();',
      '0002-b.sql': `create table b ();\n-- дети 👧\nselect missing\n  from b;\n`,
      '0003-c.sql': 'create table c ();',
    };
    await expect(runFiles(files)).rejects.toThrow(
      'park/0002-b.sql: line 3: select missing: column "missing" does not exist [42703]',
    );
    expect(await tables()).toEqual(['a']);
    expect(await runFiles({ ...files, '0002-b.sql': 'create table b ();' })).toMatchObject({
      applied: ['park/0002-b.sql', 'park/0003-c.sql'],
    });
  });

  test('whose error arises at commit names itself too', async () => {
    const deferred = `create table a (x int unique deferrable initially deferred); insert into a values (1), (1);`;
    await expect(runFiles({ '0001-a.sql': deferred })).rejects.toThrow('park/0001-a.sql: duplicate key value');
    expect(await tables()).toEqual([]);
  });

  test('that ends its transaction by itself is refused', async () => {
    await expect(runFiles({ '0001-a.sql': 'create table a (); commit; create table b ();' })).rejects.toThrow(
      'park/0001-a.sql: ended its transaction by itself',
    );
  });
});

describeWithDatabase('a file without a transaction', () => {
  test('may build an index concurrently, statement after statement', async () => {
    const files = {
      '0001-a.sql': 'create table a (x int);',
      '0002-b.sql': `-- migrate: no-transaction\ndrop index concurrently if exists a_x;\ncreate index concurrently a_x on a (x);\n`,
    };
    expect(await runFiles(files)).toMatchObject({ applied: ['park/0001-a.sql', 'park/0002-b.sql'] });
    expect(await tables()).toEqual(['a', 'a_x']);
  });

  test('names the line of the statement that failed and can be run again', async () => {
    const index =
      '-- migrate: no-transaction\ndrop index concurrently if exists a_x;\ncreate unique index concurrently a_x on a (x);';
    const first = { '0001-a.sql': 'create table a (x int); insert into a values (1), (1);' };
    await expect(runFiles({ ...first, '0002-b.sql': `${index}\nselect missing;` })).rejects.toThrow(
      /^park\/0002-b.sql: could not create unique index "a_x" \[23505\]/,
    );
    expect(await connection.rows(INVALID)).toEqual([{ count: 1 }]);
    await connection.run('delete from a');
    await expect(runFiles({ ...first, '0002-b.sql': `${index}\nselect missing;` })).rejects.toThrow(
      'line 4: select missing;',
    );
    await runFiles({ ...first, '0002-b.sql': index });
    expect(await connection.rows(INVALID)).toEqual([{ count: 0 }]);
  });
});

describeWithDatabase('locks', () => {
  test('are waited for briefly and tried again, so that a busy table delays a migration and not its users', async () => {
    const files = { '0001-a.sql': 'create table a ();' };
    await runFiles(files);
    let released: Promise<MigrateReport> | undefined;
    await connection.transaction(async (session) => {
      await session.run('lock table a in access share mode');
      released = runFiles({ ...files, '0002-b.sql': 'alter table a add x int;' }, { lockTimeoutMs: 50 });
      await expect.poll(() => log.at(-1)).toBe('park/0002-b.sql got no lock in 50 ms, attempt 2 follows');
    });
    expect(await released).toMatchObject({ applied: ['park/0002-b.sql'] });
  });

  test('are given up after a number of attempts', async () => {
    const files = { '0001-a.sql': 'create table a ();' };
    await runFiles(files);
    await connection.transaction(async (session) => {
      await session.run('lock table a in access share mode');
      const blocked = runFiles(
        { ...files, '0002-b.sql': 'alter table a add x int;' },
        { lockTimeoutMs: 20, attempts: 2 },
      );
      await expect(blocked).rejects.toThrow('park/0002-b.sql: canceling statement due to lock timeout [55P03]');
    });
    expect(log.filter((line) => line.includes('got no lock'))).toHaveLength(1);
  });
});
