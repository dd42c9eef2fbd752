import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { Vault } from '../../kernel/vault.ts';
import { createSubjectKeyTable } from '../event-store/subject-keys.ts';
import { createVault } from '../event-store/vault.ts';
import { describeIdempotencyStore } from '../http/idempotency-contract.ts';
import { IDEMPOTENCY_KEEP_MS, IDEMPOTENCY_LEASE_MS } from '../http/idempotency-memory.ts';
import { APP_ROLE } from '../postgres/app-role.ts';
import { connectDatabase, type Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { createPostgresIdempotencyStore, type PostgresIdempotencyStore } from './postgres-idempotency.ts';

const NOW = 1_800_000_000_000;
const NAME = 'Айгүл Асанова';
const ANSWER = {
  status: 201,
  body: JSON.stringify({ name: NAME, qr_code: 'SP1.abcdef' }),
  headers: { location: '/api/v1/tickets/t1' },
};
const FINGERPRINT = 'f'.repeat(64);
const ROWS = statement('test.idempotency-rows', 'select i::text as row from http.idempotency i');

describeWithDatabase('idempotency keys in PostgreSQL', () => {
  let temporary: TestDatabase;
  let database: Database;
  let vault: Vault;
  let store: PostgresIdempotencyStore;
  beforeAll(async () => {
    temporary = await createTestDatabase();
    database = connectDatabase({
      url: temporary.url,
      poolSize: 4,
      role: APP_ROLE,
      applicationName: 'test',
      onError: () => undefined,
    });
    vault = createVault({ keys: createSubjectKeyTable(database), masterKey: randomBytes(32) });
    store = createPostgresIdempotencyStore(database, vault);
  });
  afterAll(async () => {
    await database?.close();
    await temporary?.drop();
  });

  describeIdempotencyStore('in PostgreSQL', {
    store: () => store,
    unique: () => randomUUID(),
    leaseMs: IDEMPOTENCY_LEASE_MS,
  });

  const begin = (scope: { principalId: string; route: string; key: string }, nowMs = NOW) =>
    store.begin({ scope, fingerprint: FINGERPRINT, nowMs });

  async function answered() {
    const scope = { principalId: randomUUID(), route: 'POST /api/v1/tickets', key: 'k' };
    await begin(scope);
    await store.complete(scope, ANSWER);
    return scope;
  }

  test('what is kept shows neither the answer nor a hash that a guess could be tried on', async () => {
    const scope = await answered();
    const rows = (await database.rows<{ row: string }>(ROWS, [])).map(({ row }) => row).join('\n');
    expect(rows).toContain('/api/v1/tickets/t1');
    for (const secret of [NAME, 'SP1.abcdef', FINGERPRINT]) expect(rows).not.toContain(secret);
    expect(await begin(scope)).toEqual({ kind: 'replay', ...ANSWER });
  });

  test('once the principal was erased nothing is replayed: the key is fresh, for one', async () => {
    const scope = await answered();
    await vault.destroy(scope.principalId);
    const begun = await Promise.all([begin(scope), begin(scope), begin(scope)]);
    expect(begun.map(({ kind }) => kind).toSorted()).toEqual(['fresh', 'in_flight', 'in_flight']);
    await store.release(scope);
    expect(await begin(scope)).toEqual({ kind: 'fresh' });
  });

  test('the sweep deletes what is older than answers are kept, and nothing younger', async () => {
    const scope = await answered();
    await store.sweep(NOW + IDEMPOTENCY_KEEP_MS);
    expect((await begin(scope)).kind).toBe('replay');
    await store.sweep(NOW + IDEMPOTENCY_KEEP_MS + 1);
    expect((await begin(scope)).kind).toBe('fresh');
  });
});
