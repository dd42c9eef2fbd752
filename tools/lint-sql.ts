/**
 * Checks every migration for what locks tables for long, breaks running programs, or is a known mistake. To let one
 * statement pass, write `-- squawk-ignore rule-name` above it, with the reason.
 */
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMigration } from '../src/infrastructure/postgres/migration-files.ts';

const projectRoot = resolve(import.meta.dirname, '..');

/** The migrations below `folder`, by whether they run in a transaction; a wrong name or directive throws. */
export async function findMigrations(folder: string): Promise<Map<boolean, readonly string[]>> {
  const found = new Map<boolean, readonly string[]>([
    [true, []],
    [false, []],
  ]);
  for (const entry of await readdir(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (basename(dirname(path)) !== 'migrations' || !path.endsWith('.sql')) continue;
    const { inTransaction } = parseMigration(dirname(entry), basename(path), await readFile(path));
    found.set(inTransaction, [...(found.get(inTransaction) ?? []), path].toSorted());
  }
  return found;
}

/** Runs the linter over files of one kind; answers what it says against them, nothing when they are fine. */
export function lint(files: readonly string[], inTransaction: boolean): string {
  if (files.length === 0) return '';
  const mode = inTransaction ? '--assume-in-transaction' : '--no-assume-in-transaction';
  const squawk = join(projectRoot, 'node_modules/.bin/squawk');
  const config = join(projectRoot, '.squawk.toml');
  const { error, status, stdout, stderr } = spawnSync(squawk, ['--config', config, mode, ...files], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return status === 0 ? '' : `${stdout}${stderr}` || `squawk ended with ${status} and said nothing`;
}

async function main(): Promise<void> {
  const found = await findMigrations(join(projectRoot, 'src'));
  const count = [...found.values()].flat().length;
  // A linter that is given nothing finds nothing either.
  if (count === 0) throw new Error('no migrations found');
  const report = [...found].map(([inTransaction, files]) => lint(files, inTransaction)).join('');
  console.log(report === '' ? `${count} migrations are fine` : report);
  process.exitCode = report === '' ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
