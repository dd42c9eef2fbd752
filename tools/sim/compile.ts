import { execFile } from 'node:child_process';
import { copyFile, cp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc');
/** Where the processes begin. */
const ENTRIES = ['worker', 'prepare'] as const;
/** What is read besides the sources: the migrations. */
const READ = ['src', 'test/simulation'] as const;

/** Files in which processes begin: one that lives plans, and the one that prepares the world before. */
export type Compiled = Readonly<Record<(typeof ENTRIES)[number], string>>;

/** Folders with nothing in them but what is read. */
const withSql = (root: string, into: string, folder: string): Promise<void> =>
  cp(join(root, folder), join(into, folder), {
    recursive: true,
    filter: (path) => !/\.\w+$/.test(path) || path.endsWith('.sql'),
  });

/**
 * Compiles what a process of a crew runs, by the compiler that makes what ships: translated while it is loaded, each start would cost seconds,
 * and each function a name that is written down whenever it is made. Types are not checked.
 *
 * @param root of the program
 * @param into an empty folder
 */
export async function compileCrew(root: string, into: string): Promise<Compiled> {
  const settings = join(into, 'tsconfig.json');
  const compilerOptions = { noEmit: false, noCheck: true, types: [], rootDir: root, outDir: into, sourceMap: true };
  await writeFile(
    settings,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions,
      files: ENTRIES.map((entry) => join(root, `tools/sim/${entry}.ts`)),
      include: [],
    }),
  );
  await promisify(execFile)(process.execPath, [COMPILER, '-p', settings]);
  await copyFile(join(root, 'package.json'), join(into, 'package.json'));
  await symlink(join(root, 'node_modules'), join(into, 'node_modules'));
  for (const folder of READ) await withSql(root, into, folder);
  return { worker: join(into, 'tools/sim/worker.js'), prepare: join(into, 'tools/sim/prepare.js') };
}
