import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '../support/database.ts';
import { openPostgresEventStore } from '../../src/infrastructure/event-store/postgres-store.ts';
import { createSubjectKeyTable } from '../../src/infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../src/infrastructure/event-store/vault.ts';
import { connectDatabase } from '../../src/infrastructure/postgres/database.ts';
import type { Clock } from '../../src/kernel/time.ts';
import { createExpiredHolds } from '../../src/modules/booking/persistence/holds.ts';
import { createPayments } from '../../src/modules/payment/persistence/payments.ts';
import { createRefunds } from '../../src/modules/payment/persistence/refunds.ts';
import { createWebhookInbox } from '../../src/modules/payment/persistence/webhook-inbox.ts';
import { moneyCodec, type GroundAt } from './money-walk.suite.ts';

/** PostgreSQL with the read models of the product; one database for all worlds, each with a park of its own. */
export async function openDatabaseGround(): Promise<{ readonly groundAt: GroundAt; close(): Promise<void> }> {
  const { url, drop } = await createTestDatabase();
  const connect = (poolSize: number) =>
    connectDatabase({ url, poolSize, role: 'skypark_app', applicationName: 'money-crash', onError: () => undefined });
  const [database, writer] = [connect(4), connect(1)];
  let nowOf: Clock = { now: () => 0 };
  const clock: Clock = { now: () => nowOf.now() };
  const store = await openPostgresEventStore({ writer, reader: database, nodeId: 'hq', clock, sleep });
  const vault = createVault({ keys: createSubjectKeyTable(database), masterKey: Buffer.alloc(32, 1) });
  const ground = {
    store,
    codec: moneyCodec(vault),
    payments: createPayments(database),
    refunds: createRefunds(database, vault),
    inbox: createWebhookInbox(database),
    expiredHolds: createExpiredHolds(database, 'hq'),
  };
  return {
    async groundAt(ofWorld) {
      nowOf = ofWorld;
      return ground;
    },
    async close() {
      await store.close();
      await Promise.all([database.close(), writer.close()]);
      await drop();
    },
  };
}
