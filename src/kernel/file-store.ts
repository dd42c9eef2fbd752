import { assert } from './assert.ts';

/** Names between slashes, each of lower-case letters, digits and hyphens: nothing in a key can lead out of the store. */
const KEY = /^[a-z0-9-]{1,64}(?:\/[a-z0-9-]{1,64}){0,3}$/;

/** The largest file that is kept, in bytes. */
export const LARGEST_FILE_BYTES = 16 * 1024 * 1024;

/** @throws BrokenInvariant on a key that is not one of ours: keys are made by us, never by callers. */
export function assertFileKey(key: string): void {
  assert(KEY.test(key), 'not the key of a file');
}

/**
 * Port: files under keys of our own, such as `children/<account>/<photo>`. What is personal is sealed before it comes here.
 * Every method rejects with `StoreUnavailable` when the store cannot answer now.
 */
export type FileStore = {
  /** Keeps the bytes, whole and for good when it resolves; a file that had the key is replaced. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or null when there is no such file. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keys of files in the folders of a folder, in order. @param after only keys behind this one */
  list(folder: string, after: string | null, limit: number): Promise<readonly string[]>;
  /** Harmless when there is no such file. */
  delete(key: string): Promise<void>;
  /** Deletes every file whose key begins with the folder and a slash. Harmless when there is none. */
  deleteFolder(folder: string): Promise<void>;
};
