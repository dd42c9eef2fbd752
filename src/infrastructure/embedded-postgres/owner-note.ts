import type { FileHandle } from 'node:fs/promises';
import { readOwnFile } from './owned-file.ts';
import { identityOf } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What the lock file says about the process that holds it. It informs; the lock itself is the kernel's. */
export type OwnerNote = ProcessIdentity & { readonly port: number; readonly since: string };

export async function writeOwnerNote(lock: FileHandle, port: number): Promise<void> {
  const note: OwnerNote = { ...(await identityOf(process.pid)), port, since: new Date().toISOString() };
  await lock.truncate(0);
  await lock.write(`${JSON.stringify(note)}\n`, 0);
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

function isOwnerNote(value: unknown): value is OwnerNote {
  if (typeof value !== 'object' || value === null) return false;
  const hasProcess =
    'pid' in value && typeof value.pid === 'number' && 'startTicks' in value && 'pidNamespace' in value;
  if (!hasProcess || !isTextOrNull(value.startTicks) || !isTextOrNull(value.pidNamespace)) return false;
  return 'port' in value && typeof value.port === 'number' && 'since' in value && typeof value.since === 'string';
}

/** The note in a lock file, or null when there is none or it is half written. */
export async function readOwnerNote(path: string): Promise<OwnerNote | null> {
  try {
    const parsed: unknown = JSON.parse(await readOwnFile(path));
    return isOwnerNote(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
