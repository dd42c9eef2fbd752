import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Writes `files` (path below the root → content) into a new folder of the system's temporary directory, hands its path to
 * `use` and removes it afterwards, whatever happens.
 */
export async function withTemporaryTree<Answer>(
  files: Readonly<Record<string, string>>,
  use: (root: string) => Promise<Answer>,
): Promise<Answer> {
  const root = await mkdtemp(join(tmpdir(), 'skypark-tree-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return await use(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
