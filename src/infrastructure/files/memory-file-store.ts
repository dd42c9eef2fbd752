import { assert } from '../../kernel/assert.ts';
import { assertFileKey, LARGEST_FILE_BYTES, type FileStore } from '../../kernel/file-store.ts';

const byText = (one: string, other: string): number => (one < other ? -1 : 1);

/** Files in memory, for tests. */
export function createMemoryFileStore(): FileStore {
  const files = new Map<string, Uint8Array>();
  return {
    async put(key, bytes) {
      assertFileKey(key);
      assert(bytes.byteLength <= LARGEST_FILE_BYTES, 'the file is too large to be kept');
      files.set(key, Uint8Array.from(bytes));
    },
    async get(key) {
      assertFileKey(key);
      const bytes = files.get(key);
      return bytes === undefined ? null : Uint8Array.from(bytes);
    },
    async list(folder, after, limit) {
      assertFileKey(folder);
      const keys = [...files.keys()].filter((key) => key.startsWith(`${folder}/`) && (after === null || key > after));
      return keys.toSorted(byText).slice(0, limit);
    },
    async delete(key) {
      assertFileKey(key);
      files.delete(key);
    },
    async deleteFolder(folder) {
      assertFileKey(folder);
      for (const key of files.keys()) if (key.startsWith(`${folder}/`)) files.delete(key);
    },
  };
}
