import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { MigrationFault, parseMigration, readMigrations } from './migration-files.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folderOf(names: readonly string[]): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-migrations-'));
  folders.push(folder);
  for (const name of names) await writeFile(join(folder, name), 'select 1;\n');
  return pathToFileURL(folder);
}

const parse = (text: string) => parseMigration('park', '0001-first.sql', Buffer.from(text));

describe('the text of a migration', () => {
  test('line ends and a byte order mark do not change its hash; anything else does', () => {
    const { sha256 } = parse('select 1;\nselect 2;\n');
    expect(parse('\uFEFFselect 1;\r\nselect 2;\r\n').sha256).toBe(sha256);
    expect(parse('select 1;\nselect 3;\n').sha256).not.toBe(sha256);
  });

  test('directives are read from the first line', () => {
    expect(parse('select 1;')).toMatchObject({ inTransaction: true, breaking: false });
    expect(parse('-- migrate: no-transaction\nselect 1;')).toMatchObject({ inTransaction: false, breaking: false });
    expect(parse('-- migrate: breaking\r\nselect 1;')).toMatchObject({ inTransaction: true, breaking: true });
    expect(parse('-- migrate: breaking, no-transaction\n')).toMatchObject({ inTransaction: false, breaking: true });
  });

  test('an unknown or misplaced directive is refused rather than passed over', () => {
    expect(() => parse('-- migrate: no-transactoin\n')).toThrow(
      'park/0001-first.sql: unknown directive "no-transactoin"',
    );
    expect(() => parse('select 1;\n-- migrate: breaking\n')).toThrow('line 2: a directive belongs on the first line');
  });

  test('what is not UTF-8 is refused', () => {
    expect(() => parseMigration('park', '0001-first.sql', Uint8Array.of(0xff))).toThrow('not UTF-8');
  });
});

describe('the files of a source', () => {
  test('run in the order of sources, then of numbers', async () => {
    const first = { name: 'store', directory: await folderOf(['0002-b.sql', '0001-a.sql', 'notes.md']) };
    const second = { name: 'park', directory: await folderOf(['0001-c.sql']) };
    const found = await readMigrations([first, second]);
    expect(found.map(({ source, name }) => `${source}/${name}`)).toEqual([
      'store/0001-a.sql',
      'store/0002-b.sql',
      'park/0001-c.sql',
    ]);
  });

  test.each([
    [['0002-b.sql'], 'park/0002-b.sql: leaves a gap before it; 1 is next'],
    [['0001-a.sql', '0003-c.sql'], 'park/0003-c.sql: leaves a gap before it; 2 is next'],
    [['0001-a.sql', '0001-b.sql'], 'park/0001-b.sql: has the number of 0001-a.sql; 2 is next'],
    [['1-a.sql'], 'park/1-a.sql: a migration is named'],
    [['0001-A.SQL'], 'park/0001-A.SQL: a migration is named'],
  ])('%j is refused', async (names, message) => {
    const source = { name: 'park', directory: await folderOf(names) };
    await expect(readMigrations([source])).rejects.toThrow(MigrationFault);
    await expect(readMigrations([source])).rejects.toThrow(message);
  });

  test('two sources of one name are refused', async () => {
    const source = { name: 'park', directory: await folderOf([]) };
    await expect(readMigrations([source, source])).rejects.toThrow('two migration sources are called park');
  });
});
