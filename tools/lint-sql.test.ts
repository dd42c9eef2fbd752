import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findMigrations, lint } from './lint-sql.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skypark-lint-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, sql: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, sql);
  return file;
}

test('migrations are found in every folder of that name, apart by whether they run in a transaction', async () => {
  const inside = await write('modules/park/persistence/migrations/0001-a.sql', 'select 1;');
  const apart = await write('infrastructure/migrations/0001-b.sql', '-- migrate: no-transaction\nselect 1;');
  await write('modules/park/notes.sql', 'select 1;');
  expect([...(await findMigrations(folder))]).toEqual([
    [true, [inside]],
    [false, [apart]],
  ]);
});

describe('the linter bites', () => {
  test.each([
    ['alter table shop.a add column b int not null;', 'adding-required-field'],
    ['create index b on shop.a (b);', 'require-concurrent-index-creation'],
    ['alter table shop.a rename column b to c;', 'renaming-column'],
    ['create table a (b int);', 'require-table-schema'],
    ['create table shop.a (b timestamp);', 'prefer-timestamp-tz'],
    ['select 1; commit;', 'transaction-nesting'],
    [
      'select 1; create index concurrently if not exists b on shop.a (b);',
      'ban-concurrent-index-creation-in-transaction',
    ],
  ])('%s is refused as %s', async (sql, rule) => {
    expect(lint([await write('0001-a.sql', sql)], true)).toContain(rule);
  });

  test('but not on what is safe', async () => {
    const table = await write(
      '0001-a.sql',
      'create table shop.a (id uuid primary key); create index a_id on shop.a (id);',
    );
    expect(lint([table], true)).toBe('');
    const index = 'drop index concurrently if exists shop.b; create index concurrently if not exists b on shop.a (b);';
    expect(lint([await write('0002-b.sql', index)], false)).toBe('');
  });
});
