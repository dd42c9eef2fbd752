import { open } from 'node:fs/promises';
import type { Fact } from '../../src/main/cli/journal-facts.ts';

/** Writes down what the product has acknowledged. Nothing is built on a fact before it is on the disk. */
export type Journal = {
  write(fact: Fact): Promise<void>;
  close(): Promise<void>;
};

export const noJournal: Journal = { write: () => Promise.resolve(), close: () => Promise.resolve() };

/** Appends to `file`, one JSON line a fact; facts that come together share a flush. */
export async function openJournal(file: string): Promise<Journal> {
  const handle = await open(file, 'a');
  let waiting: string[] = [];
  let next: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    await last;
    const lines = waiting;
    waiting = [];
    next = null;
    await handle.appendFile(lines.join(''));
    await handle.datasync();
  }

  return {
    write(fact) {
      waiting.push(`${JSON.stringify(fact)}\n`);
      if (next === null) {
        next = flush();
        last = next;
      }
      return next;
    },
    async close() {
      await last;
      await handle.close();
    },
  };
}
