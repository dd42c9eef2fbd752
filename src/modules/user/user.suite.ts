import { expect } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { createMemoryFileStore } from '../../infrastructure/files/memory-file-store.ts';
import { createImageCleaner } from '../../infrastructure/images/clean-image.ts';
import { createLinkSigner } from '../../infrastructure/keys/link-signer.ts';
import { createManualClock, type ManualClock } from '../../infrastructure/clock.ts';
import { openPostgresEventStore, type PostgresEventStore } from '../../infrastructure/event-store/postgres-store.ts';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import { rebuildProjection, registerProjections } from '../../infrastructure/event-store/projections.ts';
import { createSubjectKeyTable } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { connectDatabase, type Database } from '../../infrastructure/postgres/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { migrate } from '../../infrastructure/postgres/migrate.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner, step, type Step } from '../../kernel/command-runner.ts';
import type { Decider } from '../../kernel/decider.ts';
import { createEventCodec, type EventCodec } from '../../kernel/event-codec.ts';
import type { FileStore } from '../../kernel/file-store.ts';
import { isUuid } from '../../kernel/ids.ts';
import { ok, refuse } from '../../kernel/result.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { Children } from './application/children.ts';
import { createUserModule, userManifest, type UserModule } from './module.ts';
import { createChildren } from './persistence/users.ts';

/** 2026-11-24 06:30 in UTC, 12:30 in Bishkek. */
export const NOON_MS = Date.UTC(2026, 10, 24, 6, 30);

/** In these tests the token is the id of its owner. */
export const ownerTokens: TokenVerifier = {
  verify: async (userId) =>
    isUuid(userId)
      ? {
          kind: 'user' as const,
          userId,
          sessionId: 's1',
          roles: [{ role: 'guest', parkId: null }],
          actor: `user:${userId}`,
        }
      : null,
};

type ProofEvent = {
  readonly type: 'PhoneVerified' | 'NumberYielded';
  readonly data: { readonly userId: string };
};

const PROOF_EVENTS = [
  { type: 'PhoneVerified', version: 1 },
  { type: 'NumberYielded', version: 1 },
];

/** What another module knows of numbers: whether one was proven. */
const proof: Decider<ProofEvent, boolean, ProofEvent, { readonly code: 'decided_otherwise' }> = {
  aggregateType: 'PhoneProof',
  initial: false,
  decide(event, isProven) {
    if (!isProven) return ok([event]);
    return event.type === 'PhoneVerified' ? ok([]) : refuse({ code: 'decided_otherwise' });
  },
  evolve: (isProven, { type }) => isProven || type === 'PhoneVerified',
};

const proofOf = (type: ProofEvent['type'], userId: string): Step<{ readonly code: 'decided_otherwise' }> =>
  step(proof, systemIds.derive(`proof:${userId}`), { type, data: { userId } });

/** The password of everybody in these tests. */
export const PASSWORD = 'correct horse battery';

/** What other parts of the program say in these tests. */
export type World = {
  readonly unfinished: Map<string, { readonly ticketIds: readonly string[]; readonly paymentIds: readonly string[] }>;
  readonly tickets: Map<string, number>;
  readonly errors: unknown[];
  /** Finishing an erasure fails. */
  isDown: boolean;
};

const HEAD = statement('test.head', 'select position from store.head');
const REPLAY = statement('test.replay', 'select users.project_users($1, $2)');

const STORE = {
  name: 'store',
  directory: new URL('../../infrastructure/event-store/migrations/', import.meta.url),
};

/** One program on the database of a test, with state of its own. */
export type UserProgram = {
  readonly module: UserModule;
  readonly store: PostgresEventStore;
  readonly vault: Vault;
  readonly codec: EventCodec;
  readonly children: Children;
  /** What another module says once a code came back. */
  verifyPhone(userId: string): Promise<void>;
};

export type UserTestNode = {
  readonly clock: ManualClock;
  readonly files: FileStore;
  readonly world: World;
  /** The database as its owner sees it. */
  readonly owner: Database;
  /** The program that runs from the beginning. */
  readonly first: UserProgram;
  /** Starts another program on the same database, as a second process would be. */
  start(): Promise<UserProgram>;
  /** Every row of the read models, table by table, in one fixed order. */
  rows(): Promise<readonly unknown[]>;
  close(): Promise<void>;
};

/** A database with the log and this module in it. */
export async function openUserTestNode(): Promise<UserTestNode> {
  const { url, drop } = await createTestDatabase({ from: 'empty' });
  await migrate(url, [STORE, { name: 'user', directory: userManifest.migrations }], { log: () => undefined });
  const connect = (role?: string): Database =>
    connectDatabase({ url, role, poolSize: 4, applicationName: 'user-test', onError: () => undefined });
  const owner = connect();
  await registerProjections(owner, userManifest.projections);
  const clock = createManualClock(NOON_MS);
  const masterKey = Buffer.alloc(32, 7);
  const files = createMemoryFileStore();
  const world: World = { unfinished: new Map(), tickets: new Map(), errors: [], isDown: false };
  const closing: (() => Promise<void>)[] = [];

  async function start(): Promise<UserProgram> {
    const [database, writer] = [connect('skypark_app'), connect('skypark_app')];
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const store = await openPostgresEventStore({ writer, reader: database, nodeId: 'hq', clock, sleep });
    const vault = createVault({ keys: createSubjectKeyTable(database), masterKey });
    const codec = createEventCodec([...userManifest.events, ...PROOF_EVENTS], vault);
    const runner = createCommandRunner({ store, codec, ids: systemIds, clock });
    const documents = [
      { document: 'privacy', version: '2026-11', required: true },
      { document: 'marketing', version: '2026-11', required: false },
    ];
    const parts = { runner, store, vault, files, database, ids: systemIds, clock, zone: createZone(), documents };
    const module = createUserModule({
      ...parts,
      links: createLinkSigner(masterKey),
      cleanImage: createImageCleaner(clock),
      confirmPassword: async (_userId, password) => ok(password === PASSWORD),
      unfinishedOf: async (userId) => world.unfinished.get(userId) ?? { ticketIds: [], paymentIds: [] },
      countTickets: async (userId) => world.tickets.get(userId) ?? 0,
      hasTickets: async (userId) => (world.tickets.get(userId) ?? 0) > 0,
      giveUpStep: (userId) => proofOf('NumberYielded', userId),
      async finishErasure(userId) {
        if (world.isDown) throw new Error('down');
        await files.deleteFolder(`children/${userId}`);
        await vault.destroy(userId);
      },
      heldElsewhere: { tickets: async (userId) => [{ owner: userId }] },
      publicUrl: 'https://park.example',
      onError: (error) => world.errors.push(error),
    });
    closing.push(async () => {
      await store.close();
      await Promise.all([database.close(), writer.close()]);
    });
    const verifyPhone = async (userId: string): Promise<void> => {
      await runner.runAll([proofOf('PhoneVerified', userId)], { actor: 'system', correlationId: 'test' });
    };
    return { module, store, vault, codec, children: createChildren(database, vault), verifyPhone };
  }

  async function rows(): Promise<readonly unknown[]> {
    const tables = userManifest.projections.flatMap((projection) => projection.tables);
    const read = (table: string) =>
      owner.rows(
        statement(`test.rows-of-${table}`, `select row_to_json(t)::text as row from users.${table} t order by 1`),
      );
    return Promise.all(tables.map(read));
  }

  return {
    clock,
    files,
    world,
    owner,
    first: await start(),
    start,
    rows,
    async close() {
      for (const end of closing) await end();
      await owner.close();
      await drop();
    },
  };
}

let lastNumber = 300_000;

/** Opens an account and answers its id. */
export async function register({ first }: UserTestNode, phone = `+996555${(lastNumber += 1)}`): Promise<string> {
  const userId = systemIds.next();
  const details = { userId, phone, name: 'Айгүл', email: null, language: 'ky' } as const;
  const done = await first.module.register(details, { actor: `user:${userId}`, correlationId: 'test' });
  expect(done).toEqual(ok(null));
  return userId;
}

/** Hears parts of the log again and rebuilds in small ranges; the rows must stay the same. */
export async function expectRebuildEqual({ owner, rows }: UserTestNode): Promise<void> {
  const before = await rows();
  const head = (await owner.rows<{ position: number }>(HEAD))[0]?.position ?? 0;
  const middle = Math.floor(head / 2);
  for (const range of [
    [1, head],
    [1, middle],
    [head, head],
    [middle, head],
  ]) {
    await owner.rows(REPLAY, range);
    expect(await rows()).toEqual(before);
  }
  for (const projection of userManifest.projections) await rebuildProjection(owner, projection, { batch: 7 });
  expect(await rows()).toEqual(before);
}
