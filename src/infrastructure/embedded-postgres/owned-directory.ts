import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { systemCode } from '../system-code.ts';
import { EmbeddedPostgresError } from './error.ts';

const WRITABLE_BY_OTHERS = 0o022;

/** Whether the current user is `uid`; true where the system has no users. */
export const isMine = (uid: number): boolean => process.getuid === undefined || process.getuid() === uid;

/**
 * Refuses a path that another user owns: they may replace what is in it at any time, by links to what only we can change
 * for example. Of a link, both the link and what it leads to must be ours. A path that does not exist is fine.
 */
export async function refuseForeign(path: string): Promise<void> {
  for (const look of [lstat, stat]) {
    const uid = await look(path).then(
      (found) => found.uid,
      (error: unknown) => {
        if (systemCode(error) !== 'ENOENT') throw error;
        return null;
      },
    );
    if (uid === null || isMine(uid)) continue;
    const message = `${path} belongs to uid ${uid}: start as that user, or choose another data directory.`;
    throw new EmbeddedPostgresError('unusable_data', message);
  }
}

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
  if (found.isDirectory() && isMine(found.uid) && (found.mode & WRITABLE_BY_OTHERS) === 0) return path;
  throw new EmbeddedPostgresError(
    'unusable_data',
    `${path} is not a directory that only the current user can write: remove it, or set DATABASE_URL.`,
  );
}
