import fc from 'fast-check';
import { reached } from '../../kernel/replication.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { expectAll, messagesOf, schedule, tell, withoutPositions } from './any-way.suite.ts';
import { newId, one } from './appends.suite.ts';
import { authoredBy, chained, fill, parkNode } from './authored-log.suite.ts';
import { describeHandingOut } from './handing-out-contract.suite.ts';
import { describeQuarantine } from './quarantine-contract.suite.ts';
import { describeReceiving } from './receiving-contract.suite.ts';
import { createMemoryNode } from './memory-store.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { describeToldAtOnce } from './told-at-once-contract.suite.ts';
import { verifyChain } from './verify-chain.ts';

describeWithDatabase('the replication log in PostgreSQL', () => {
  let log: ScratchLog;
  const source = {
    async open() {
      log = await openScratchLog();
      return { store: await log.openStore(), replication: log.replication() };
    },
    close: () => log.close(),
  };
  describeReceiving('in PostgreSQL', source);
  describeHandingOut('in PostgreSQL', source);
  describeQuarantine('in PostgreSQL', source);
  describeToldAtOnce('in PostgreSQL', source);

  describe('beside appends', () => {
    let own: ScratchLog;
    let store: ScratchStore;
    beforeAll(async () => {
      own = await openScratchLog();
      store = await own.openStore();
    });
    afterAll(() => own?.close());

    test('answers every schedule as its twin, and ends with the same', async () => {
      const outcomes = new Map<string, number>();
      const replication = own.replication();
      await fc.assert(
        fc.asyncProperty(schedule, async (plan) => {
          const { authors, messages } = await messagesOf(plan);
          const twin = createMemoryNode({ clock: systemClock });
          const answers = await tell({ store, replication }, messages);
          expect(withoutPositions(answers)).toEqual(withoutPositions(await tell(twin, messages)));
          for (const { outcome } of answers) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          await expectAll({ store, replication }, authors);
        }),
        { numRuns: 60, endOnFailure: true },
      );
      for (const outcome of ['stored', 'already_stored', 'gap', 'broken_chain']) {
        expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(1);
      }
      expect(await verifyChain(own.owner)).toMatchObject({ intact: true, single: 0 });
    }, 120_000);

    test('looks through a bounded part of a long log for a page that finds nothing', async () => {
      const replication = own.replication({ window: 10, windows: 3 });
      const { position: from } = await replication.head();
      await fill({ store, replication }, 100);
      const { position: head } = await replication.head();
      const asked = { parkId: 'osh', everyParkTypes: ['Nothing'], itsParkTypes: [] };
      const places: number[] = [];
      for (let [afterPosition, isEnd] = [from, false]; !isEnd;) {
        const page = await replication.feed({ ...asked, afterPosition, limit: 500 });
        expect(page.events).toEqual([]);
        [afterPosition, isEnd] = [page.place.position, page.isEnd];
        places.push(afterPosition - from);
      }
      expect(places.slice(0, 3)).toEqual([30, 60, 90]);
      expect(places.at(-1)).toBe(head - from);
    });

    test('takes turns with appends of two processes: positions stay dense and every chain whole', async () => {
      const other = await own.openStore();
      const logs = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const node = parkNode();
          await fill(node, 30);
          return authoredBy(node);
        }),
      );
      const receivers = [own.replication(), own.replication()];
      const receive = async (all: (typeof logs)[number], index: number): Promise<void> => {
        for (let first = 1; first <= all.length; first += 7) {
          // Both are told everything; one of them is too late.
          const told = chained(all, first, Math.min(first + 6, all.length));
          const answers = await Promise.all(receivers.map((each) => each.receive(told)));
          const outcomes = answers.map(({ outcome }) => outcome).toSorted();
          expect(outcomes, `log ${index}`).toEqual(['already_stored', 'stored']);
        }
      };
      const append = async (to: ScratchStore): Promise<void> => {
        for (let count = 0; count < 60; count += 1) await to.append(one(newId(), 'none', 2));
      };
      await Promise.all([...logs.map(receive), append(store), append(other)]);
      const report = await verifyChain(own.owner);
      expect(report).toMatchObject({ intact: true, single: 0 });
      expect((await own.replication().head()).position).toBe(report.intact ? report.lastPosition : 0);
    });

    test('the view of events says what headquarters has', async () => {
      const park = await openScratchLog();
      try {
        const desk = await park.openStore({}, 'park');
        const replication = park.replication();
        await desk.append(one(newId(), 'none', 3));
        const headquarters = parkNode('hq');
        await fill(headquarters, 1);
        await replication.receive(chained(await authoredBy(headquarters)));
        const { incarnation } = await replication.head();
        const synced = async () => {
          const rows = await park.owner.rows<{ synced: boolean }>({
            name: 'test.synced',
            text: 'select synced from store.events order by position',
          });
          return rows.map((row) => row.synced);
        };
        expect(await synced()).toEqual([false, false, false, true]);
        const acked = { incarnation, seq: 2, link: (await reached(replication, 2)).link };
        await replication.notePeer({ peerNodeId: 'hq', acked, lastContactMs: 1 });
        expect(await synced()).toEqual([true, true, false, true]);
        await replication.openIncarnation('restored');
        await desk.append(one(newId(), 'none', 1));
        expect(await synced()).toEqual([true, true, false, true, false]);
      } finally {
        await park.close();
      }
    });
  });
});
