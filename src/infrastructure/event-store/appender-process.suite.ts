import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../clock.ts';
import { connectDatabase } from '../postgres/database.ts';
import { newId, NODE, one } from './appends.suite.ts';
import { openPostgresEventStore } from './postgres-store.ts';

/**
 * A program for tests of several processes: appends `events` events to streams of its own with `callers` callers at once,
 * then prints how many were acknowledged. Arguments: url, events, callers.
 */
async function main([url = '', events = '0', callers = '1']: readonly string[]): Promise<void> {
  const open = (poolSize: number) =>
    connectDatabase({ url, applicationName: 'test-appender', poolSize, role: 'skypark_app', onError: () => undefined });
  const [writer, reader] = [open(1), open(1)];
  const store = await openPostgresEventStore({ writer, reader, nodeId: NODE, clock: systemClock, sleep });
  let left = Number(events);
  let acknowledged = 0;
  const work = async (): Promise<void> => {
    while (left > 0) {
      const size = Math.min(left, 1 + (left % 3));
      left -= size;
      const { outcome } = await store.append(one(newId(), 'none', size));
      if (outcome === 'stored') acknowledged += size;
    }
  };
  await Promise.all(Array.from({ length: Number(callers) }, work));
  await store.close();
  await Promise.all([writer.close(), reader.close()]);
  process.stdout.write(String(acknowledged));
}

await main(process.argv.slice(2));
