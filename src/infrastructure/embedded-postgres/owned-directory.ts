import { chmod, lstat, mkdir } from 'node:fs/promises';
import { EmbeddedPostgresError, systemCode } from './error.ts';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes a directory, or takes an existing one only if it is a real directory of the current user that nobody else can
 * write: nobody may plant files that we run or trust. Its parents must exist or be creatable.
 */
export async function ownedDirectory(path: string, mode: number): Promise<string> {
  const made = await mkdir(path, { recursive: true, mode }).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw error;
    return undefined;
  });
  // mkdir is subject to the umask.
  if (made !== undefined) await chmod(path, mode);
  const found = await lstat(path);
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (found.isDirectory() && mine && (found.mode & WRITABLE_BY_OTHERS) === 0) return path;
  throw new EmbeddedPostgresError(
    'unusable_data',
    `${path} is not a directory that only the current user can write: remove it, or set DATABASE_URL.`,
  );
}
