import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../src/infrastructure/postgres/database.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';

const TABLES = statement(
  'test.tables',
  `select format('%I.%I', schemaname, tablename) as name from pg_tables
   where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
);

/** Every row of every table as text. */
export async function dumpOf(database: Database): Promise<string> {
  const tables = await database.rows<{ name: string }>(TABLES);
  const texts = tables.map(async ({ name }) => {
    const [row] = await database.rows<{ text: string | null }>(
      statement(`test.dump-${name}`.slice(0, 63), `select string_agg(t::text, chr(10)) as text from ${name} t`),
    );
    return `${name}\n${row?.text ?? ''}`;
  });
  return (await Promise.all(texts)).join('\n');
}

/** Every file in a folder and in the folders in it. */
export async function filesOf(folder: string): Promise<readonly Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
}
