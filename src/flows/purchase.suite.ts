import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { noCache } from '../infrastructure/read-cache/no-cache.ts';
import { createPostgresReplicationLog } from '../infrastructure/event-store/postgres-replication.ts';
import { openPostgresEventStore } from '../infrastructure/event-store/postgres-store.ts';
import { createSubjectKeyTable } from '../infrastructure/event-store/subject-keys.ts';
import { createMemoryFileStore } from '../infrastructure/files/memory-file-store.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { createMemoryLimiter } from '../infrastructure/limiter/memory-limiter.ts';
import { signingKeyFrom } from '../infrastructure/keys/key-files.ts';
import { fixedTokenKeys, tokenKeyFrom } from '../infrastructure/keys/token-keys.ts';
import { connectDatabase } from '../infrastructure/postgres/database.ts';
import { noRegisters } from '../main/fiscal-registers.ts';
import type { Clock } from '../kernel/time.ts';
import { createModules } from '../main/modules.ts';

/** One more process of the program. */
export async function startNode(url: string, secrets: Parameters<typeof createModules>[0]['secrets'], clock: Clock) {
  const connect = (poolSize: number) =>
    connectDatabase({ url, poolSize, role: 'skypark_app', applicationName: 'purchase-test', onError: () => undefined });
  const [database, writer] = [connect(4), connect(1)];
  const store = await openPostgresEventStore({ writer, reader: database, nodeId: 'hq', clock, sleep });
  const vault = createVault({ keys: createSubjectKeyTable(database), masterKey: secrets.masterKey });
  const modules = createModules({
    store,
    replication: createPostgresReplicationLog(database, clock),
    database,
    vault,
    files: createMemoryFileStore(),
    cache: noCache,
    clock,
    ids: systemIds,
    chance: () => 0,
    limiter: createMemoryLimiter(clock),
    secrets,
    headquartersKey: null,
    providers: new Map(),
    fiscalRegisters: noRegisters,
    channels: { sms: null, email: null },
    mode: 'demo',
    nodeId: 'hq',
    role: 'hq',
    parkId: null,
    publicUrl: 'http://127.0.0.1:8080',
    authorityPem: null,
    alonePerHour: 300,
    staffNeedsFactor: false,
    stepUpMs: 900_000,
    onFactorRefused: () => undefined,
    chainFigures: { codesPerHour: 1_000, codesPerDay: 5_000, loginFailures: 500 },
    onLimitAlarm: () => undefined,
    onForgedToken: () => undefined,
    onLedgerChecked: () => undefined,
    onSyncNews: () => undefined,
    onError: () => undefined,
  });
  const close = async () => {
    await store.close();
    await Promise.all([database.close(), writer.close()]);
  };
  return { modules, store, database, vault, close };
}

export type PurchaseNode = Awaited<ReturnType<typeof startNode>>;

/** Keys of a whole program. */
export async function newSecrets() {
  const newPem = () => Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const admissionKey = await signingKeyFrom(newPem(), 'test');
  return {
    accessTokenKeys: fixedTokenKeys(await tokenKeyFrom(newPem(), 'test')),
    admissionKey,
    admissionKeys: [admissionKey],
    masterKey: Buffer.alloc(32, 1),
    nodeKey: null,
  };
}
