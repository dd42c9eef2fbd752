import { describe, expect, test } from 'vitest';
import { LARGEST_FILE_BYTES, type FileStore } from '../../kernel/file-store.ts';

/** Keys that lead out of the store, or would mean something to a file system or a web server. */
const BAD_KEYS = [
  '',
  '..',
  '../outside',
  'a/../../outside',
  '/etc/passwd',
  'a//b',
  'a/',
  'a\\b',
  'a/.hidden',
  'a/b.jpg',
  'A/b',
  'a\0b',
  'a/%2e%2e/b',
  'a/b/c/d/e',
  `${'a'.repeat(65)}/b`,
];

/** Defines the tests that every implementation of {@link FileStore} must pass. `unique` gives a folder no test has used. */
export function describeFileStore(name: string, store: () => FileStore, unique: () => string): void {
  const bytes = (text: string): Uint8Array => Buffer.from(text);

  describe(`file store: ${name}`, () => {
    test('a file comes back byte for byte, and is gone when it was deleted', async () => {
      const key = `${unique()}/file`;
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      expect(await store().get(key)).toBeNull();
      await store().put(key, all);
      expect(Buffer.from((await store().get(key)) ?? [])).toEqual(Buffer.from(all));
      await store().delete(key);
      expect(await store().get(key)).toBeNull();
      await store().delete(key);
    });

    test('a second file of a key takes the place of the first', async () => {
      const key = `${unique()}/file`;
      await store().put(key, bytes('a long first file'));
      await store().put(key, bytes('second'));
      expect(Buffer.from((await store().get(key)) ?? []).toString()).toBe('second');
    });

    test('what the caller does with its bytes later changes nothing', async () => {
      const key = `${unique()}/file`;
      const mine = bytes('kept');
      await store().put(key, mine);
      mine.fill(0);
      (await store().get(key))?.fill(0);
      expect(Buffer.from((await store().get(key)) ?? []).toString()).toBe('kept');
    });

    test('of many writers of one key one wins whole, and readers never see a part', async () => {
      const key = `${unique()}/file`;
      const written = Array.from({ length: 8 }, (_, index) => Buffer.alloc(100_000, index + 1));
      await store().put(key, written[0] ?? bytes(''));
      const reads = written.map(async (one) => {
        await store().put(key, one);
        return store().get(key);
      });
      for (const read of [...(await Promise.all(reads)), await store().get(key)]) {
        expect(written.some((one) => one.equals(read ?? bytes('')))).toBe(true);
      }
    });

    test('a folder is deleted with all that is in it and nothing beside it', async () => {
      const folder = unique();
      await store().put(`${folder}/a/one`, bytes('1'));
      await store().put(`${folder}/a/two`, bytes('2'));
      await store().put(`${folder}/ab/three`, bytes('3'));
      await store().deleteFolder(`${folder}/a`);
      expect(await store().get(`${folder}/a/one`)).toBeNull();
      expect(await store().get(`${folder}/a/two`)).toBeNull();
      expect(await store().get(`${folder}/ab/three`)).not.toBeNull();
      await store().deleteFolder(`${folder}/a`);
      await store().put(`${folder}/a/one`, bytes('again'));
      expect(await store().get(`${folder}/a/one`)).not.toBeNull();
    });

    test('the files of a folder are listed in order, some at a time, and none of another folder', async () => {
      const folder = unique();
      const keys = ['aa/1', 'aa/2', 'ab/1', 'ac/1', 'ac/2'].map((end) => `${folder}/${end}`);
      for (const key of keys.toReversed()) await store().put(key, bytes('x'));
      await store().put(`${folder}b/aa/1`, bytes('x'));
      for (const limit of [1, 2, 3, 5, 6]) {
        const found: string[] = [];
        for (let page = await store().list(folder, null, limit); page.length > 0;) {
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
          page = await store().list(folder, page.at(-1) ?? null, limit);
        }
        expect(found).toEqual(keys);
      }
      expect(await store().list(unique(), null, 5)).toEqual([]);
    });

    test.each(BAD_KEYS)('the key %j is refused by every method', async (key) => {
      await expect(store().put(key, bytes('x'))).rejects.toThrow('not the key of a file');
      await expect(store().get(key)).rejects.toThrow('not the key of a file');
      await expect(store().delete(key)).rejects.toThrow('not the key of a file');
      await expect(store().list(key, null, 1)).rejects.toThrow('not the key of a file');
      await expect(store().deleteFolder(key)).rejects.toThrow('not the key of a file');
    });

    test('an empty file is a file, and one beyond the limit is refused', async () => {
      const key = `${unique()}/file`;
      await store().put(key, bytes(''));
      expect((await store().get(key))?.byteLength).toBe(0);
      await expect(store().put(key, new Uint8Array(LARGEST_FILE_BYTES + 1))).rejects.toThrow('too large');
    });
  });
}
