import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { addDays, PARKS_TIME_ZONE } from '../../kernel/time.ts';
import { createEndGateDays, createIsGateDayEnded, gateDayStreamId } from './application/end-gate-days.ts';
import { clock, codeOf, gateOn, NOW_MS, scanOf, sell, type Gate } from './gates.suite.ts';
import { admissionManifest } from './module.ts';

const PARK = 'ala-archa';
const META = { actor: 'system', correlationId: 'test' };
const zone = createZone();
const closingMs = (date: string): number => zone.instantOf(date, '20:30', PARKS_TIME_ZONE);

describeWithDatabase('the end of a day at the gates', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let gate: Gate;
  let otherGate: Gate;
  let date = '2026-12-05';

  beforeAll(async () => {
    opened = await openModuleDatabase(admissionManifest, clock);
    node = await opened.startNode();
    gate = gateOn(node);
    otherGate = gateOn(await opened.startNode());
  });
  afterAll(() => opened.close());
  beforeEach(() => nextDay());

  function nextDay(): void {
    date = addDays(date, 1);
    clock.set(closingMs(date));
  }

  /** @param from since when the park is this node's @param nodeId whose it is */
  const endingOf = (from: string, nodeId = 'hq') => {
    const dependencies = {
      ...node,
      ids,
      clock,
      zone,
      nodeId: 'hq',
      homeOf: async (_park: string, day: string) => (day >= from ? nodeId : 'before'),
      homesOf: async () => [{ fromDate: from, nodeId }],
      parkIds: async () => [PARK],
      closingOf: async (_park: string, day: string) => closingMs(day),
    };
    return createEndGateDays(dependencies);
  };
  const isEnded = (day: string) => createIsGateDayEnded({ ...node, ids })(PARK, day);
  const sellFor = (day: string) =>
    sell({ visitDate: day, validFromMs: closingMs(day) - 8 * 3_600_000, validUntilMs: closingMs(day) });
  const lastMoment = () => ({ saidAtMs: closingMs(date) });

  test('comes after every entry: a scan that was decided before it and not stored yet is refused', async () => {
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 40; round += 1) {
      nextDay();
      const ticket = sellFor(date);
      const end = endingOf(date);
      // One that is let in at both processes, so that they know the day.
      for (const at of [gate, otherGate]) await at(scanOf(codeOf(sellFor(date)), lastMoment()));
      clock.set(closingMs(date) + 1);
      const scanning = () => otherGate(scanOf(codeOf(ticket), lastMoment()));
      const [first, second] = round % 2 === 0 ? [scanning, () => end(META)] : [() => end(META), scanning];
      const answers = await Promise.all([first(), second()]);
      const [scanned] = answers.find((answer) => typeof answer !== 'number') ?? [];
      const { events } = await node.store.load(gateDayStreamId(ids, PARK, date));
      const later = await node.store.read(events[0]?.position ?? 0, 10, ['PeopleAdmitted']);
      expect([events.length, later]).toEqual([1, []]);
      outcomes.set(scanned?.outcome ?? '', (outcomes.get(scanned?.outcome ?? '') ?? 0) + 1);
    }
    expect([...outcomes.keys()].every((outcome) => ['admitted', 'expired'].includes(outcome))).toBe(true);
  });

  test('is the end of entries, however early they were scanned; told again, a scan gets its first answer', async () => {
    const [early, late] = [scanOf(codeOf(sellFor(date)), lastMoment()), scanOf(codeOf(sellFor(date)), lastMoment())];
    // The other process has seen the day go on, and is told nothing.
    for (const one of [early, scanOf(codeOf(sellFor(date)), lastMoment())])
      expect(await otherGate(one)).toMatchObject([{ outcome: 'admitted' }]);
    clock.set(closingMs(date) + 1);
    expect(await endingOf(date)(META)).toBe(1);
    for (const at of [gate, otherGate]) {
      expect(await at(late)).toMatchObject([{ outcome: 'expired', people: 0, remaining: 4 }]);
      expect(await at(early)).toMatchObject([{ outcome: 'admitted', repeated: true }]);
    }
  });

  test('leaves the ways out open, and takes what a gate that was cut off has done', async () => {
    const [ticket, other] = [sellFor(date), sellFor(date)];
    await gate(scanOf(codeOf(ticket), lastMoment()));
    clock.set(closingMs(date) + 1);
    await endingOf(date)(META);
    const out = scanOf(ticket.qrCode, { ...lastMoment(), direction: 'out' });
    const alone = scanOf(codeOf(other), { ...lastMoment(), people: 2, decidedOffline: true });
    expect(await otherGate(out, alone)).toMatchObject([{ outcome: 'exited' }, { outcome: 'admitted', people: 2 }]);
  });

  test('is written for every day since the park is this node’s, however long it was off, and for no other', async () => {
    const from = addDays(date, 10);
    const last = addDays(from, 90);
    clock.set(closingMs(last));
    const end = endingOf(from);
    expect(await end(META)).toBe(90);
    expect(await Promise.all([addDays(from, -1), from, addDays(last, -1), last].map(isEnded))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    clock.set(closingMs(last) + 1);
    expect([await end(META), await end(META), await isEnded(last)]).toEqual([1, 0, true]);
    expect(await endingOf(from, 'another')(META)).toBe(0);
    clock.set(NOW_MS);
  });
});
