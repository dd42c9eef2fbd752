import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createPostgresReplicationLog } from '../../src/infrastructure/event-store/postgres-replication.ts';
import { scopeHashes, type ScopeHash } from '../../src/infrastructure/event-store/scope-hashes.ts';
import { createNodeSigner } from '../../src/infrastructure/keys/node-signer.ts';
import { newSecrets, startNode, type PurchaseNode } from '../../src/flows/purchase.suite.ts';
import type { AuthoredEvent, ReplicationLog } from '../../src/kernel/replication.ts';
import { projections } from '../../src/main/migration-sources.ts';
import {
  createTestDatabase,
  describeWithDatabase,
  type TestDatabase,
  type TestDatabaseOptions,
} from '../support/database.ts';
import { MORNING_MS, openDays, playOn, sell, type TicketStory } from './histories.ts';

const STORIES = 40;
const ORDERS = 4;

const scans = fc.array(fc.constantFrom<TicketStory['scans'][number]>('in', 'in', 'out', 'in_excess', 'recount'), {
  maxLength: 3,
});
const end = fc.constantFrom<TicketStory['end']>('nothing', 'nothing', 'cancel', 'void_only', 'end_day');
/** What a ticket had seen before the backup, what it saw then and was lost, and what it saw in the life after that. */
const story = fc.record({ before: scans, lost: fc.record({ scans, end }), after: fc.record({ scans, end }) });

type Node = PurchaseNode & { readonly log: ReplicationLog };

describeWithDatabase('what nodes hold in common of a log that was put back', { timeout: 120_000 }, () => {
  const closing: (() => Promise<void>)[] = [];
  const clock = createManualClock(MORNING_MS);
  const signer = createNodeSigner(generateKeyPairSync('ed25519'));
  let secrets: Awaited<ReturnType<typeof newSecrets>>;

  beforeAll(async () => {
    secrets = await newSecrets();
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  async function newDatabase(options?: TestDatabaseOptions): Promise<TestDatabase> {
    const database = await createTestDatabase(options);
    closing.push(() => database.drop());
    return database;
  }

  async function open({ url }: TestDatabase): Promise<Node> {
    const node = await startNode(url, secrets, clock);
    let ending: Promise<void> | null = null;
    const close = (): Promise<void> => (ending ??= node.close());
    closing.push(close);
    return { ...node, close, log: createPostgresReplicationLog(node.database, clock) };
  }

  /** What a node wrote since then, as it travels. */
  async function writtenAfter({ log }: Node, seq: number): Promise<readonly AuthoredEvent[]> {
    await log.seal(signer);
    const { incarnation } = await log.head();
    const segments = await log.segmentsAfter(incarnation, seq, { segments: 1000 });
    return segments.flatMap(({ events }) => events).filter((event) => event.seq > seq);
  }

  /** What a node holds that took events in the order given, a few at a time. */
  async function heldAfter(events: readonly AuthoredEvent[]): Promise<ScopeHash | undefined> {
    const { log, database } = await open(await newDatabase());
    for (let first = 0; first < events.length; first += 7) {
      const received = await log.receive({ events: events.slice(first, first + 7), chain: null });
      expect(received.outcome).toBe('stored');
    }
    return (await scopeHashes(database, projections))[0];
  }

  test('is the same whether the end that was lost comes before or after what was written since', async () => {
    const stories = fc.sample(story, STORIES);
    const original = await newDatabase();
    const before = await open(original);
    const world = { runner: before.modules.runner, clock };
    await openDays(world);
    const told = [];
    for (const { before: scansBefore, ...since } of stories) {
      const terms = await sell(world, true);
      await playOn(world, terms, { scans: scansBefore, end: 'nothing' });
      told.push({ terms, ...since });
    }
    const kept = await writtenAfter(before, 0);
    await before.close();
    const backup = await newDatabase({ copyOf: original });

    const first = await open(original);
    for (const { terms, lost } of told) await playOn({ runner: first.modules.runner, clock }, terms, lost);
    const lost = await writtenAfter(first, kept.length);
    clock.advance(1000);
    const second = await open(backup);
    await second.log.openIncarnation('restored');
    for (const { terms, after } of told) await playOn({ runner: second.modules.runner, clock }, terms, after);
    const after = await writtenAfter(second, 0);
    const expected = await heldAfter([...kept, ...lost, ...after]);
    for (const cut of [0, ...fc.sample(fc.nat(after.length), ORDERS - 1)]) {
      const order = [...kept, ...after.slice(0, cut), ...lost, ...after.slice(cut)];
      expect(await heldAfter(order), JSON.stringify({ stories, cut })).toEqual(expected);
    }
  });
});
