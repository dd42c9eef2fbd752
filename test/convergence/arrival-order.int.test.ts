import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { scopeHashes, type ScopeHash } from '../../src/infrastructure/event-store/scope-hashes.ts';
import type { StoredEvent } from '../../src/kernel/event-store.ts';
import { newSecrets, startNode, type PurchaseNode } from '../../src/flows/purchase.suite.ts';
import { projections } from '../../src/main/migration-sources.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { MORNING_MS, openDays, playStory, type TicketStory } from './histories.ts';

const STORIES = 40;
const ORDERS = 4;

const story: fc.Arbitrary<TicketStory> = fc.record({
  paid: fc.boolean().map((unpaid) => !unpaid),
  scans: fc.array(fc.constantFrom('in', 'in', 'out', 'in_excess', 'in_by_old_code', 'recount'), { maxLength: 5 }),
  end: fc.constantFrom('nothing', 'nothing', 'cancel', 'ask', 'ask', 'void_only', 'end_day', 'move', 'leave', 'leave'),
});

/** What is told in any case: of a void that the gates grant, and of those that they deny. */
const ALWAYS: readonly TicketStory[] = [
  { paid: true, scans: [], end: 'ask' },
  { paid: true, scans: ['in'], end: 'ask' },
  { paid: true, scans: ['in_by_old_code', 'out'], end: 'ask' },
  { paid: true, scans: [], end: 'leave' },
  { paid: true, scans: ['in', 'out'], end: 'leave' },
  { paid: true, scans: ['in', 'in_excess', 'recount', 'out'], end: 'nothing' },
];

/** Written by the park's node; the rest is written by headquarters. */
const isOfPark = ({ aggregateType }: StoredEvent): boolean =>
  aggregateType === 'Admission' || aggregateType === 'GateDay';

/** What two authors wrote, each in their order, in any order between them. */
function interleave(events: readonly StoredEvent[], parkFirst: readonly boolean[]): readonly StoredEvent[] {
  const [park, hq] = [events.filter(isOfPark), events.filter((event) => !isOfPark(event))];
  const mixed = parkFirst.flatMap((first) => (first ? park : hq).splice(0, 3));
  return [...mixed, ...park, ...hq];
}

describeWithDatabase('what nodes hold in common', { timeout: 120_000 }, () => {
  const closing: (() => Promise<void>)[] = [];
  const clock = createManualClock(MORNING_MS);
  let secrets: Awaited<ReturnType<typeof newSecrets>>;

  beforeAll(async () => {
    secrets = await newSecrets();
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  async function open(): Promise<PurchaseNode> {
    const database = await createTestDatabase();
    closing.push(() => database.drop());
    const node = await startNode(database.url, secrets, clock);
    closing.push(() => node.close());
    return node;
  }

  /** Stores events as they were, one after another, in the order given. */
  async function replay(events: readonly StoredEvent[]): Promise<readonly ScopeHash[]> {
    const { store, database } = await open();
    for (const { streamId, aggregateType, id, type, schemaVersion, data, ...event } of events) {
      clock.set(event.recordedAtMs);
      const { actor, correlationId, occurredAtMs, parkId } = event;
      const done = await store.append({
        streams: [{ streamId, aggregateType, expected: 'any', events: [{ id, type, schemaVersion, data }] }],
        context: { actor, correlationId, occurredAtMs, ...(parkId === null ? {} : { parkId }) },
      });
      expect(done.outcome).toBe('stored');
    }
    return scopeHashes(database, projections);
  }

  test('is the same whatever the order in which the events of two authors arrive', async () => {
    const stories = [...ALWAYS, ...fc.sample(story, STORIES)];
    const source = await open();
    const world = { runner: source.modules.runner, clock };
    await openDays(world);
    for (const one of stories) await playStory(world, one);
    const events = await source.store.read(0, 10_000);
    const told = events.map(({ type }) => type);
    expect(told.filter((type) => type === 'TicketVoidDenied').length).toBeGreaterThan(1);
    expect(told).toEqual(
      expect.arrayContaining([
        'VoidAsked',
        'VoidDenied',
        'AdmissionVoided',
        'PeopleAdmittedInExcess',
        'AdmissionRecounted',
        'TicketLeftDay',
        'TicketMoveUndone',
      ]),
    );
    const [expected] = await scopeHashes(source.database, projections);
    expect(expected?.tables.map(({ table }) => table)).toEqual([
      'admission.admissions',
      'admission.incidents',
      'admission.scans',
      'admission.voids',
      'booking.tickets',
    ]);
    const orders = [[], ...fc.sample(fc.array(fc.boolean(), { minLength: 100, maxLength: 200 }), ORDERS - 1)];
    for (const order of orders) {
      const [found] = await replay(interleave(events, order));
      expect(found, JSON.stringify({ stories, order })).toEqual(expected);
    }
  });
});
