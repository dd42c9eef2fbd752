import { generateKeyPairSync } from 'node:crypto';
import { systemClock } from '../infrastructure/clock.ts';
import { createMemoryNode } from '../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../infrastructure/event-store/subject-keys.ts';
import { createMemoryFileStore } from '../infrastructure/files/memory-file-store.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { Registry } from 'prom-client';
import type { ApiInfo } from '../infrastructure/http/openapi.ts';
import { documentedOperationsRoutes } from '../infrastructure/http/operations-routes.ts';
import type { Route } from '../infrastructure/http/route.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { createMemoryLimiter } from '../infrastructure/limiter/memory-limiter.ts';
import { signingKeyFrom } from '../infrastructure/keys/key-files.ts';
import { fixedTokenKeys } from '../infrastructure/keys/token-keys.ts';
import { createNodeSigner } from '../infrastructure/keys/node-signer.ts';
import { noCache } from '../infrastructure/read-cache/no-cache.ts';
import { connectDatabase } from '../infrastructure/postgres/database.ts';
import { noRegisters } from './fiscal-registers.ts';
import { API_INFO } from './api-info.ts';
import { createModules } from './modules.ts';

export type Documented = { readonly routes: readonly Route[]; readonly info: ApiInfo };

/** Every route of the program, for its documents; nothing is connected. */
export async function documentedRoutes(): Promise<Documented> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const key = await signingKeyFrom(Buffer.from(pem), 'a key for documents');
  const { routes } = createModules({
    ...createMemoryNode({ clock: systemClock }),
    database: connectDatabase({
      url: 'postgres://nobody@127.0.0.1:1/nothing',
      poolSize: 1,
      applicationName: 'documents',
      onError: () => undefined,
    }),
    vault: createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32) }),
    files: createMemoryFileStore(),
    cache: noCache,
    clock: systemClock,
    ids: systemIds,
    chance: () => 0,
    limiter: createMemoryLimiter(systemClock),
    secrets: {
      accessTokenKeys: fixedTokenKeys({ ...key, algorithm: 'EdDSA' }),
      admissionKey: key,
      admissionKeys: [key],
      masterKey: Buffer.alloc(32),
      nodeKey: key,
    },
    headquartersKey: { signer: async () => createNodeSigner(key), certificates: async () => [] },
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
  const operations = documentedOperationsRoutes(new Registry());
  return { routes: [...routes, ...operations], info: API_INFO };
}
