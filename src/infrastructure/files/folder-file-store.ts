import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assert } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { assertFileKey, LARGEST_FILE_BYTES, type FileStore } from '../../kernel/file-store.ts';
import { systemCode } from '../system-code.ts';

const isMissing = (error: unknown): boolean => systemCode(error) === 'ENOENT';

/** Makes what was renamed or removed in a folder survive a loss of power. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A dot is in no key, so nobody reads a file that is still being written.
  const draft = join(folder, `.${randomBytes(12).toString('hex')}`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function readWhole(path: string): Promise<Uint8Array | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await file.stat();
      assert(size <= LARGEST_FILE_BYTES, 'a file of the store is larger than any that was kept');
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Names in a folder, in order, without drafts; none when there is no such folder. */
async function namesIn(path: string): Promise<readonly string[]> {
  try {
    const names = await readdir(path);
    return names.filter((name) => !name.startsWith('.')).toSorted((one, other) => (one < other ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function listBelow(path: string, folder: string, after: string | null, limit: number): Promise<string[]> {
  const keys: string[] = [];
  const [, first = ''] = after?.slice(folder.length).split('/') ?? [];
  for (const inner of await namesIn(path)) {
    if (inner < first) continue;
    const found = (await namesIn(join(path, inner))).map((name) => `${folder}/${inner}/${name}`);
    keys.push(...found.filter((key) => inner !== first || after === null || key > after));
    if (keys.length >= limit) break;
  }
  return keys.slice(0, limit);
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await syncFolder(dirname(path)).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** Files in a folder of this machine, which belongs to this program alone. Several processes may share it. */
export function createFolderFileStore(root: string): FileStore {
  const pathOf = (key: string): string => {
    assertFileKey(key);
    return join(root, ...key.split('/'));
  };
  async function work<Value>(doing: string, run: () => Promise<Value>): Promise<Value> {
    try {
      return await run();
    } catch (error) {
      throw new StoreUnavailable(`the file store cannot ${doing}`, { cause: error });
    }
  }
  return {
    async put(key, bytes) {
      const path = pathOf(key);
      assert(bytes.byteLength <= LARGEST_FILE_BYTES, 'the file is too large to be kept');
      await work('keep a file', () => writeWhole(path, bytes));
    },
    async get(key) {
      const path = pathOf(key);
      return work('read a file', () => readWhole(path));
    },
    async list(folder, after, limit) {
      const path = pathOf(folder);
      return work('list files', () => listBelow(path, folder, after, limit));
    },
    async delete(key) {
      const path = pathOf(key);
      await work('delete a file', () => remove(path));
    },
    async deleteFolder(folder) {
      const path = pathOf(folder);
      await work('delete a folder', () => remove(path));
    },
  };
}
