import { chown, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../payment-providers/sync-folder.ts';

/**
 * Puts a text in place of what a file holds, on the disk when it answers: whoever reads it finds one or the other, never a part.
 * @param keeper a file whose owner alone may read this one, too, whoever writes it
 */
export async function replaceFile(file: string, text: string, keeper: string): Promise<void> {
  const fresh = `${file}.new`;
  try {
    await writeFresh(fresh, text, keeper);
    await rename(fresh, file);
  } catch (error) {
    // It may be a secret, and nobody would look for it there.
    await rm(fresh, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

async function writeFresh(fresh: string, text: string, keeper: string): Promise<void> {
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const [{ uid, gid }, made] = await Promise.all([stat(keeper), stat(fresh)]);
  if (made.uid !== uid || made.gid !== gid) await chown(fresh, uid, gid);
}
