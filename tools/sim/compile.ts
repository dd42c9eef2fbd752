import { execFile } from 'node:child_process';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc');
/** Where a process of a crew begins, and where it does once it is compiled. */
const [SOURCE, WORKER] = ['tools/sim/worker.ts', 'tools/sim/worker.js'];

/**
 * Compiles what a process of a crew runs, by the compiler that makes what ships: translated while it is loaded, each start would cost seconds,
 * and each function a name that is written down whenever it is made. Types are not checked.
 *
 * @param root of the program
 * @param into an empty folder
 * @returns the file in which such a process begins
 */
export async function compileCrew(root: string, into: string): Promise<string> {
  const settings = join(into, 'tsconfig.json');
  const compilerOptions = { noEmit: false, noCheck: true, types: [], rootDir: root, outDir: into, sourceMap: true };
  await writeFile(
    settings,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files: [join(root, SOURCE)], include: [] }),
  );
  await promisify(execFile)(process.execPath, [COMPILER, '-p', settings]);
  await copyFile(join(root, 'package.json'), join(into, 'package.json'));
  await symlink(join(root, 'node_modules'), join(into, 'node_modules'));
  return join(into, WORKER);
}
