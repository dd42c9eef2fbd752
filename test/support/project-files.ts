import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const projectRoot = join(import.meta.dirname, '../..');

/**
 * The project's own files, as sorted paths below its root: what git tracks and what is new and not ignored.
 *
 * @throws when there is no git, or this is not its checkout
 */
export function projectFiles(): readonly string[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  // A file deleted but not yet committed is still listed.
  const present = listing.split('\0').filter((path) => path !== '' && existsSync(join(projectRoot, path)));
  return [...new Set(present)].toSorted();
}

export function readProjectFile(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}
