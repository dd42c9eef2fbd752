import { mkdtemp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { describeFileStore } from './file-store-contract.ts';
import { createFolderFileStore } from './folder-file-store.ts';
import { createMemoryFileStore } from './memory-file-store.ts';

let root: string;
let folders = 0;
const unique = (): string => `folder-${(folders += 1)}`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'skypark-files-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const memory = createMemoryFileStore();
describeFileStore('memory', () => memory, unique);
describeFileStore('a folder', () => createFolderFileStore(join(root, 'store')), unique);

describe('files in a folder', () => {
  test('are readable by their owner alone, and no draft is left behind', async () => {
    const store = createFolderFileStore(join(root, 'owned'));
    await store.put('a/b', Buffer.from('secret'));
    expect((await stat(join(root, 'owned/a/b'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, 'owned/a'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(root, 'owned/a'))).toEqual(['b']);
  });

  test('a link that somebody put in the place of a file is not followed', async () => {
    const store = createFolderFileStore(join(root, 'linked'));
    await mkdir(join(root, 'linked/a'), { recursive: true });
    await writeFile(join(root, 'outside'), 'outside');
    await symlink(join(root, 'outside'), join(root, 'linked/a/b'));
    await expect(store.get('a/b')).rejects.toThrow(StoreUnavailable);
    await store.put('a/b', Buffer.from('mine'));
    expect(await readFile(join(root, 'outside'), 'utf8')).toBe('outside');
    expect(Buffer.from((await store.get('a/b')) ?? []).toString()).toBe('mine');
  });

  test('a place that cannot be written is told as a store that is away, and leaves nothing', async () => {
    await writeFile(join(root, 'no-folder'), '');
    const store = createFolderFileStore(join(root, 'no-folder'));
    await expect(store.put('a/b', Buffer.from('x'))).rejects.toThrow(StoreUnavailable);
    await mkdir(join(root, 'taken/a/b/c'), { recursive: true });
    await expect(createFolderFileStore(join(root, 'taken')).put('a/b', Buffer.from('x'))).rejects.toThrow(
      StoreUnavailable,
    );
    expect(await readdir(join(root, 'taken/a'))).toEqual(['b']);
  });
});
