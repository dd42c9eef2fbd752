import { mkdir, open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../payment-providers/sync-folder.ts';

export type Journal = {
  /** Resolves once the line is on the disk. After one failure every later call rejects: memory and disk may differ. */
  append(line: object): Promise<void>;
  close(): Promise<void>;
};

type Waiting = { readonly text: string; resolve(this: void): void; reject(this: void, error: Error): void };

/**
 * A file of JSON lines that only grows. Lines that wait for the disk together share one sync. A last line that a crash cut
 * short was never acknowledged, so it is dropped.
 * @throws on an unreadable line before the last one: somebody edited the file.
 */
export async function openJournal(
  file: string,
): Promise<{ readonly journal: Journal; readonly lines: readonly unknown[] }> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a', 0o600);
  const lines = await recover(file, handle).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });

  let waiting: Waiting[] = [];
  let failure: Error | null = null;
  let flushing: Promise<void> = Promise.resolve();
  let isFlushing = false;
  async function flush(): Promise<void> {
    isFlushing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (failure !== null) throw failure;
        await handle.appendFile(batch.map((one) => one.text).join(''));
        await handle.datasync();
        for (const one of batch) one.resolve();
      } catch (error) {
        failure ??= new Error('the journal cannot be written', { cause: error });
        for (const one of batch) one.reject(failure);
      }
    }
    isFlushing = false;
  }
  const journal: Journal = {
    append: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ text: `${JSON.stringify(line)}\n`, resolve, reject });
        if (!isFlushing) flushing = flush();
      }),
    async close() {
      await flushing;
      await handle.close();
    },
  };
  return { journal, lines };
}

async function recover(file: string, handle: FileHandle): Promise<readonly unknown[]> {
  const text = await readFile(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await handle.truncate(Buffer.byteLength(whole));
  await syncFolder(dirname(file));
  return whole.split('\n').slice(0, -1).map(parseLine);
}

function parseLine(text: string, index: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`journal line ${index + 1} is unreadable`, { cause: error });
  }
}
