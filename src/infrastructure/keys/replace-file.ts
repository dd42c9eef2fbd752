import { chown, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../payment-providers/sync-folder.ts';

/**
 * Puts a text in place of what a file holds, on the disk when it answers: whoever reads it finds one or the other, never a part.
 * @param keeper a file whose owner alone may read this one, too, whoever writes it
 */
export async function replaceFile(file: string, text: string, keeper: string): Promise<void> {
  const fresh = `${file}.new`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const [{ uid, gid }, made] = await Promise.all([stat(keeper), stat(fresh)]);
  if (made.uid !== uid || made.gid !== gid) await chown(fresh, uid, gid);
  await rename(fresh, file);
  await syncFolder(dirname(file));
}
