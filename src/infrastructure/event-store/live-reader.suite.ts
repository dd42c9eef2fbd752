import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { openScratchLog } from './scratch-log.suite.ts';

const program = fileURLToPath(new URL('./appender-process.suite.ts', import.meta.url));
const run = promisify(execFile);

/**
 * 32 appenders on two processes append, this process reads along; a position out of turn ends it.
 * @returns how many different events it saw, and how many the appenders were told are stored.
 */
export async function readBesideAppenders(
  total: number,
): Promise<{ readonly seen: number; readonly acknowledged: number }> {
  const log = await openScratchLog();
  try {
    const store = await log.openStore();
    const each = Math.floor(total / 2);
    const appending = Promise.all(
      [0, 1].map(() => run(process.execPath, ['--import', 'tsx', program, log.url, String(each), '16'])),
    );
    let failed = false;
    appending.catch(() => {
      failed = true;
    });
    const seen = new Set<string>();
    let position = 0;
    let readsWhileGrowing = 0;
    while (position < 2 * each && !failed) {
      const events = await store.read(position, 500);
      for (const event of events) {
        expect(event.position).toBe(position + 1);
        position = event.position;
        seen.add(event.id);
      }
      if (events.length > 0 && events.length < 500) readsWhileGrowing += 1;
    }
    const acknowledged = (await appending).map(({ stdout }) => Number(stdout));
    expect(await store.headPosition()).toBe(2 * each);
    expect(await store.read(position, 10)).toEqual([]);
    // A reader that came late would prove nothing.
    expect(readsWhileGrowing).toBeGreaterThan(10);
    return { seen: seen.size, acknowledged: acknowledged.reduce((sum, count) => sum + count, 0) };
  } finally {
    await log.close();
  }
}
