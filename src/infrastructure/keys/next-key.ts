import { chown, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../payment-providers/sync-folder.ts';
import { ensureSigningKey, type SigningKey } from './key-files.ts';

/** Where the key lies that is to stand in place of the one in a file. */
const nextOf = (file: string): string => `${file}.next`;

/**
 * The key that is to stand in place of the one in `file`, made beside it when there is none yet: whatever was begun with it goes
 * on with the same one. It belongs to whom the file belongs, whoever makes it.
 */
export async function ensureNextKey(file: string): Promise<SigningKey> {
  const key = await ensureSigningKey(nextOf(file));
  const [{ uid, gid }, made] = await Promise.all([stat(file), stat(nextOf(file))]);
  if (made.uid !== uid || made.gid !== gid) await chown(nextOf(file), uid, gid);
  return key;
}

/** Puts the next key in place of the one in `file`, on the disk when it answers. One or the other is there at any moment. */
export async function installNextKey(file: string): Promise<void> {
  await rename(nextOf(file), file);
  await syncFolder(dirname(file));
}
