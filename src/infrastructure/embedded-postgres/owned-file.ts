import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCode } from '../system-code.ts';
import { EmbeddedPostgresError } from './error.ts';
import { isMine } from './owned-directory.ts';

/** What the system says about a link, a directory or a pipe without a writer that is opened as a file. */
const NO_PLAIN_FILE = new Set(['ELOOP', 'EISDIR', 'ENXIO']);

export const notOurFile = (path: string, cause?: unknown): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'unusable_data',
    `${path} is not a plain file of the current user: remove it, or choose another data directory.`,
    { cause },
  );

/**
 * Opens a plain file of the current user, never through a link: others may have planted one that leads to a file which
 * only we can change.
 */
export async function openOwnFile(path: string, flags: number, mode?: number): Promise<FileHandle> {
  const file = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode).catch((error: unknown) => {
    throw NO_PLAIN_FILE.has(systemCode(error) ?? '') ? notOurFile(path, error) : error;
  });
  const found = await file.stat();
  if (found.isFile() && isMine(found.uid)) return file;
  await file.close();
  throw notOurFile(path);
}

/** The text of such a file. Rejects with the system's error when there is none. */
export async function readOwnFile(path: string): Promise<string> {
  const file = await openOwnFile(path, constants.O_RDONLY);
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
