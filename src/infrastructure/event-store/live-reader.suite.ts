import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { openScratchLog } from './scratch-log.suite.ts';

const program = fileURLToPath(new URL('./appender-process.suite.ts', import.meta.url));
const run = promisify(execFile);

/** 32 appenders on two processes append, this process reads along: what it sees must be the log, each event once. */
export async function readBesideAppenders(total: number): Promise<void> {
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
    expect(acknowledged).toEqual([each, each]);
    expect(seen.size).toBe(2 * each);
    expect(await store.headPosition()).toBe(2 * each);
    expect(await store.read(position, 10)).toEqual([]);
    // A reader that came late would prove nothing.
    expect(readsWhileGrowing).toBeGreaterThan(10);
  } finally {
    await log.close();
  }
}
