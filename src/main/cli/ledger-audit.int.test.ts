import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { createEventCodec } from '../../kernel/event-codec.ts';
import { ledgerManifest } from '../../modules/ledger/module.ts';
import { manifests } from '../migration-sources.ts';
import { createLedgerAudit } from './ledger-audit.ts';
import { readLog } from './log-audit.ts';
import { MoneyHistory, STEPS, type Step } from './money-histories.suite.ts';

/** What often comes one after the other, and anything at any time. */
const usual: readonly (readonly Step['what'][])[] = [
  ['book', 'pay', 'react'],
  ['book', 'end a hold', 'pay', 'react'],
  ...Array.from({ length: 4 }, () => ['move', 'pay for a move', 'pay', 'react'] as const),
  ['give back', 'fail to send back', 'pay out of a till'],
  ...STEPS.map((what) => [what]),
];
const passage = fc
  .record({ whats: fc.constantFrom(...usual), choice: fc.oneof(fc.constant(0), fc.nat(20)), size: fc.nat(20) })
  .map(({ whats, ...how }): readonly Step[] => whats.map((what) => ({ what, ...how })));
const history = fc.array(passage, { minLength: 10, maxLength: 50 }).map((passages) => passages.flat());

const BOOKED = statement(
  'test.booked',
  `select e.event_type as type, count(distinct l.position) as booked from ledger.entries l join store.event e using (position)
   group by 1 order by 1`,
);

describeWithDatabase('the ledger', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  beforeAll(async () => {
    opened = await openModuleDatabase(ledgerManifest, createManualClock(Date.parse('2026-12-01T06:00:00Z')));
    node = await opened.startNode();
  });
  afterAll(() => opened?.close());

  const findings = async () => {
    const audit = createLedgerAudit();
    await readLog(node.database, [audit]);
    return audit.findings(node.database);
  };

  test('holds after any history of money what the log implies, and each transaction sums to zero', async () => {
    const codec = createEventCodec(
      manifests.flatMap(({ events }) => events),
      node.vault,
    );
    for (const [run, steps] of fc.sample(history, { numRuns: 60, seed: 21 }).entries()) {
      const told = new MoneyHistory(`park-${run}`, node.store, codec);
      for (const one of steps) await told.take(one);
      if (run % 2 === 0) await told.settle();
    }
    expect((await findings()).filter(({ holds }) => !holds)).toEqual([]);
    const booked = await node.database.rows<{ type: string; booked: number }>(BOOKED);
    expect(booked.map(({ type }) => type)).toEqual(ledgerManifest.projections[0]?.eventTypes.toSorted());
    for (const { type, booked: times } of booked) expect(times, type).toBeGreaterThan(2);
  }, 120_000);

  test('rebuilt in ranges of any size it has the same rows', async () => {
    const live = await opened.rows();
    for (const batch of [13, 10_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(live);
    }
  }, 120_000);

  test('told again it books nothing twice', async () => {
    const live = await opened.rows();
    await opened.replay(1, await node.store.headPosition());
    expect(await opened.rows()).toEqual(live);
  });
});
