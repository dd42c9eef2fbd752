import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { addDays, MS_A_DAY, PARKS_TIME_ZONE, type Clock } from '../../kernel/time.ts';
import { createTwiceReadClock } from '../../kernel/twice-read-clock.ts';
import { createEndGateDays, createIsGateDayEnded } from './application/end-gate-days.ts';
import { createGateDayStreams } from './application/gate-day-streams.ts';
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

  const streams = () => createGateDayStreams({ ...node, ids, nodeId: 'test', parkId: null });

  /** @param from since when the park is this node's @param nodeId whose it is */
  const endingOf = (from: string, nodeId = 'test', by: Clock = clock) => {
    const dependencies = {
      ...node,
      gateDayStreams: streams(),
      clock: by,
      zone,
      nodeId: 'test',
      homeOf: async (_park: string, day: string) => (day >= from ? nodeId : 'before'),
      homesOf: async () => [{ fromDate: from, nodeId }],
      parkIds: async () => [PARK],
      closingOf: async (_park: string, day: string) => closingMs(day),
    };
    return createEndGateDays(dependencies);
  };
  const isEnded = (day: string) =>
    createIsGateDayEnded({ ...node, gateDayStreams: streams(), homeOf: async () => 'test' })(PARK, day);
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
      const { events } = await node.store.load(await streams().endOf(PARK, date, 'test'));
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

  test('is not written by a clock that is ahead for a moment', async () => {
    const from = addDays(date, 200);
    const end = endingOf(from, 'test', createTwiceReadClock(clock));
    const rightMs = closingMs(addDays(from, 1)) - 3_600_000;
    const ended = [];
    for (const atMs of [rightMs, rightMs + 365 * MS_A_DAY, rightMs + 60_000, rightMs + 120_000]) {
      clock.set(atMs);
      ended.push(await end(META));
    }
    // What was over before it jumped ends, and nothing else.
    expect(ended).toEqual([0, 1, 0, 0]);
    expect(await Promise.all([from, addDays(from, 1)].map(isEnded))).toEqual([true, false]);
    clock.set(NOW_MS);
  });

  test('by a clock that was ahead for long is taken back by who comes on the day, which ends again when it is over', async () => {
    const days = [addDays(date, 400), addDays(date, 401)] as const;
    const end = endingOf(days[0]);
    const sold = days.map(sellFor);
    clock.set(closingMs(addDays(days[1], 365)));
    expect(await end(META)).toBe(366);
    for (const [index, day] of days.entries()) {
      expect(await isEnded(day)).toBe(true);
      clock.set(closingMs(day) - 60_000);
      expect(await end(META)).toBe(0);
      const ticket = sold[index];
      const scan = () => scanOf(ticket === undefined ? '' : codeOf(ticket), { saidAtMs: clock.now(), people: 1 });
      const answers = await Promise.all([gate(scan()), otherGate(scan())]);
      expect(answers.flat().map(({ outcome }) => outcome)).toEqual(['admitted', 'admitted']);
      expect(await isEnded(day)).toBe(false);
      clock.set(closingMs(day) + 1);
      expect(await end(META)).toBe(1);
      expect(await gate({ ...scan(), saidAtMs: closingMs(day) })).toMatchObject([{ outcome: 'expired' }]);
    }
    const told = await node.store.load(await streams().endOf(PARK, days[0], 'test'));
    expect(told.events.map(({ type }) => type)).toEqual(['GateDayEnded', 'GateDayReopened', 'GateDayEnded']);
    clock.set(NOW_MS);
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
