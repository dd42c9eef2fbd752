import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A body that is too large to be held: it lies on the disk while its request is handled, and can be read as often as is needed. */
export type Upload = {
  readonly sha256: Uint8Array;
  chunks(): AsyncIterable<Uint8Array>;
};

export type ReceivedUpload = Upload & {
  /** What it took on the disk is free again. */
  close(): Promise<void>;
};

/** Bytes that are read at a time. */
const CHUNK_BYTES = 65_536;

/** A file without a name: whatever ends the process, the disk gets its space back. */
async function nameless(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `upload-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

/**
 * Writes a body down as it arrives.
 * @returns null when it is larger than `mostBytes`; the rest of it is not read then
 */
export async function receiveUpload(body: Readable, folder: string, mostBytes: number): Promise<ReceivedUpload | null> {
  const file = await nameless(folder);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) {
        await file.close();
        return null;
      }
      hash.update(chunk);
      // A single write may take only a part, as on a full disk, and a file without its end must not pass for the whole.
      await file.writeFile(chunk);
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    sha256: hash.digest(),
    chunks: () =>
      file.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>,
    close: () => file.close(),
  };
}
