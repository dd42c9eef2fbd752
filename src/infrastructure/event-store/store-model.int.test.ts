import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Append, AppendOutcome, EventStore, StoredEvent } from '../../kernel/event-store.ts';
import { systemClock } from '../clock.ts';
import { statement } from '../postgres/session.ts';
import { plan, Scene, type Plan } from './append-plans.suite.ts';
import { NODE } from './appends.suite.ts';
import { createMemoryEventStore } from './memory-store.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';

type Answered = { readonly append: Append; readonly answer: AppendOutcome };

const KILL = statement(
  'test.kill-writers',
  `select pg_terminate_backend(pid) from pg_stat_activity
   where application_name like 'test-writer%' and datname = current_database()`,
);

/** An event without what depends on when and where it was stored. */
const contentOf = (stored: StoredEvent): unknown => {
  const { recordedAtMs: _recorded, position: _position, incarnation: _incarnation, ...content } = stored;
  return content;
};

const moved = (answer: AppendOutcome, by: number): AppendOutcome =>
  'firstPosition' in answer
    ? { ...answer, firstPosition: answer.firstPosition - by, lastPosition: answer.lastPosition - by }
    : answer;

const versionsIn = async (store: EventStore, scene: Scene): Promise<readonly number[]> =>
  Promise.all(scene.streams.map(async (streamId) => (await store.load(streamId)).version));

describeWithDatabase('the store and its twin', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog();
  });
  afterAll(() => log?.close());

  test('answer every schedule of appends alike and end with the same rows, counters and names', async () => {
    const store = await log.openStore({ maxEvents: 12 });
    const outcomes = new Map<string, number>();
    const sameOnBoth = async (batches: readonly (readonly Plan[])[]): Promise<void> => {
      const twin = createMemoryEventStore({ clock: systemClock, nodeId: NODE });
      const scene = new Scene();
      const head = await store.headPosition();
      for (const batch of batches) {
        const believed = await versionsIn(twin, scene);
        const appends = batch.map((planned) => scene.make(planned, believed));
        const real = await Promise.all(appends.map((append) => store.append(append)));
        const modelled: AppendOutcome[] = [];
        for (const append of appends) modelled.push(await twin.append(append));
        expect(real.map((answer) => moved(answer, head))).toEqual(modelled);
        for (const { outcome } of real) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      const stored = await store.read(head, 10_000);
      expect(stored.map(contentOf)).toEqual((await twin.read(0, 10_000)).map(contentOf));
      expect(stored.map(({ position }) => position - head)).toEqual(stored.map((_, index) => index + 1));
      for (const streamId of scene.streams) {
        expect((await store.load(streamId)).events.map(({ id }) => id)).toEqual(
          (await twin.load(streamId)).events.map(({ id }) => id),
        );
      }
      const guards = (await scene.guards(store)) as { readonly commands: unknown };
      const modelled = (await scene.guards(twin)) as { readonly commands: unknown };
      expect({ ...guards, commands: null }).toEqual({ ...modelled, commands: null });
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(plan, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }),
        sameOnBoth,
      ),
      { numRuns: 80, endOnFailure: true },
    );
    // A schedule that never refuses would prove little.
    for (const outcome of ['stored', 'already_stored', 'version_conflict', 'insufficient', 'claimed', 'id_reused']) {
      expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(outcome === 'id_reused' ? -1 : 20);
    }
  }, 120_000);

  /** Runs plans over several stores at once; answers what every append was told. */
  async function race(
    stores: readonly EventStore[],
    scene: Scene,
    plans: readonly Plan[],
    callers: number,
  ): Promise<Answered[]> {
    const answered: Answered[] = [];
    const waiting = [...plans];
    const work = async (caller: number): Promise<void> => {
      const store = stores[caller % stores.length];
      for (let planned = waiting.pop(); planned !== undefined && store !== undefined; planned = waiting.pop()) {
        // Tokens belong to one process; a repeat, though, may come from any.
        const append = scene.make({ ...planned, after: 0 }, await versionsIn(store, scene));
        answered.push({ append, answer: await store.append(append) });
      }
    };
    await Promise.all(Array.from({ length: callers }, (_, caller) => work(caller)));
    return answered;
  }

  async function judge(store: EventStore, scene: Scene, answered: readonly Answered[], head: number): Promise<void> {
    const rows = await store.read(head, 100_000);
    expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => head + index + 1));
    const storedIds = new Map(rows.map(({ id, position }) => [id, position]));
    const acked = new Map<number, Append>();
    for (const { append, answer } of answered) {
      const ids = append.streams.flatMap(({ events }) => events.map(({ id }) => id));
      const positions = ids.map((id) => storedIds.get(id));
      if (answer.outcome === 'stored') {
        expect(positions).toEqual(ids.map((_, index) => answer.firstPosition + index));
        acked.set(answer.firstPosition, append);
      } else if (answer.outcome === 'already_stored') {
        expect(rows.some(({ position }) => position === answer.firstPosition)).toBe(true);
        if (positions[0] !== undefined) acked.set(positions[0], append);
      }
    }
    const refused = answered
      .filter(({ answer }) => !('firstPosition' in answer))
      .flatMap(({ append }) => append.streams);
    const ackedIds = new Set(
      [...acked.values()].flatMap(({ streams }) => streams.flatMap(({ events }) => events.map(({ id }) => id))),
    );
    for (const { events } of refused) for (const { id } of events) expect(storedIds.has(id)).toBe(ackedIds.has(id));
    expect(ackedIds.size).toBe(rows.length);
    // What was stored, told to the twin in the order of the log, is accepted by it and leaves the same counters and names.
    const twin = createMemoryEventStore({ clock: systemClock, nodeId: NODE });
    for (const [, append] of [...acked].toSorted(([a], [b]) => a - b)) {
      const { chain: _chain, ...again } = append;
      expect(await twin.append(again)).toMatchObject({ outcome: 'stored' });
    }
    expect((await twin.read(0, 100_000)).map(contentOf)).toEqual(rows.map(contentOf));
    const withoutPlaces = async (one: EventStore): Promise<unknown> => ({
      ...((await scene.guards(one)) as object),
      commands: null,
    });
    expect(await withoutPlaces(store)).toEqual(await withoutPlaces(twin));
  }

  test.each([
    { what: 'two processes', kills: false },
    { what: 'two processes whose connections are killed', kills: true },
  ])(
    '$what racing on few streams: acknowledged is stored, refused is absent, nothing below zero',
    async ({ kills }) => {
      let flushes = 0;
      const onFlush = (): void => {
        flushes += 1;
        // Between two kills there is time for some work, however slow the machine is.
        if (kills && flushes % 12 === 0) void log.owner.rows(KILL).catch(() => undefined);
      };
      const stores = [await log.openStore({ onFlush }), await log.openStore({ onFlush })];
      const told = new Map<string, number>();
      for (let seed = 1; seed <= 3; seed += 1) {
        const scene = new Scene();
        const [reader] = stores;
        if (reader === undefined) break;
        const head = await reader.headPosition();
        const plans = fc.sample(plan, { seed, numRuns: 250 });
        const answered = await race(stores, scene, plans, 24);
        for (const { answer } of answered) told.set(answer.outcome, (told.get(answer.outcome) ?? 0) + 1);
        await judge(reader, scene, answered, head);
      }
      for (const outcome of ['stored', 'version_conflict', 'insufficient', 'already_stored']) {
        expect(told.get(outcome) ?? 0, outcome).toBeGreaterThan(20);
      }
    },
    120_000,
  );
});
