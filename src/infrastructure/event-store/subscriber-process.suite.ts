import { setTimeout as sleep } from 'node:timers/promises';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { systemClock } from '../clock.ts';
import { connectDatabase } from '../postgres/database.ts';
import { NODE } from './appends.suite.ts';
import { openPostgresEventStore } from './postgres-store.ts';
import { createMemorySubjectKeys } from './subject-keys.ts';
import { createSubscriptionTable } from './subscription-table.ts';
import { startSubscription } from './subscription.ts';
import { createVault } from './vault.ts';
import { createWakeups } from './wakeups.ts';

/**
 * A program for tests of several processes: reads a subscription and prints `took <position>` when it begins with an event
 * and `lost` when it no longer leads. Arguments: url, name of the subscription, lease in ms, ms an event takes.
 */
async function main([url = '', name = '', leaseMs = '1000', eventMs = '0']: readonly string[]): Promise<void> {
  const database = connectDatabase({
    url,
    applicationName: 'test-subscriber',
    poolSize: 3,
    role: 'skypark_app',
    onError: () => undefined,
  });
  const store = await openPostgresEventStore({
    writer: database,
    reader: database,
    nodeId: NODE,
    clock: systemClock,
    sleep,
  });
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32) });
  const handle = async (event: { readonly meta: { readonly position: number } }): Promise<void> => {
    process.stdout.write(`took ${event.meta.position}\n`);
    await sleep(Number(eventMs));
  };
  const subscription = startSubscription(
    { name, handle, leaseMs: Number(leaseMs), batchSize: 5 },
    {
      store,
      codec: createEventCodec([{ type: 'TestHappened', version: 1 }], vault),
      table: createSubscriptionTable(database, `process-${process.pid}`),
      wakeups: createWakeups(database, () => undefined),
      sleep,
      onError: (_what, error) => process.stderr.write(`${String(error)}\n`),
    },
  );
  for (let led = false; ; await sleep(5)) {
    const leads = subscription.leading();
    if (led && !leads) process.stdout.write('lost\n');
    led = leads;
  }
}

await main(process.argv.slice(2));
