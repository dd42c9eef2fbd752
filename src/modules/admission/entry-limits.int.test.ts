import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { MS_A_DAY } from '../../kernel/time.ts';
import { createPeopleInside } from './application/people-inside.ts';
import type { Scan } from './application/scan-answer.ts';
import { clock, codeOf, gateOn, NOW_MS, scanOf, sell, type Gate } from './gates.suite.ts';
import { admissionManifest } from './module.ts';

const PARK = 'ala-archa';
/** Each test has a day of its own. */
let visitDate = '2026-12-04';
let nowMs = NOW_MS - MS_A_DAY;
let capacity = 10;

const sellToday = (partySize: number) =>
  sell({ partySize, visitDate, validFromMs: nowMs - 3_600_000, validUntilMs: nowMs + 3_600_000 });
const out = (qrCode: string, people?: number) => scanOf(qrCode, { direction: 'out', people, saidAtMs: nowMs });
const enter = (partySize: number, override: { readonly reason: string } | null = null) =>
  scanOf(codeOf(sellToday(partySize)), { saidAtMs: nowMs, override });

describeWithDatabase('how many people a park holds at once', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let gate: Gate;
  let otherGate: Gate;
  let managersGate: Gate;

  beforeAll(async () => {
    opened = await openModuleDatabase(admissionManifest, clock);
    node = await opened.startNode();
    gate = gateOn(node, { capacity: () => capacity });
    const other = await opened.startNode();
    otherGate = gateOn(other, { capacity: () => capacity });
    managersGate = gateOn(other, { capacity: () => capacity, isManager: true });
  });
  beforeEach(() => {
    nowMs += MS_A_DAY;
    visitDate = new Date(nowMs).toISOString().slice(0, 10);
    capacity = 10;
    clock.set(nowMs);
  });
  afterAll(async () => {
    clock.set(NOW_MS);
    await opened.close();
  });

  const inside = async () => (await createPeopleInside(node.store)([{ parkId: PARK, visitDate }]))[0];
  const outcomes = async (at: Gate, ...scans: readonly Scan[]) => (await at(...scans)).map(({ outcome }) => outcome);

  test('is its capacity: who comes to a full park waits until somebody has gone out', async () => {
    const first = sellToday(6);
    expect(await outcomes(gate, scanOf(codeOf(first), { saidAtMs: nowMs }))).toEqual(['admitted']);
    const family = sellToday(5);
    const [answer] = await otherGate(scanOf(codeOf(family), { saidAtMs: nowMs }));
    expect(answer).toMatchObject({ outcome: 'park_full', people: 0, remaining: 5, ticket: { status: 'active' } });
    expect(await outcomes(otherGate, scanOf(codeOf(family), { saidAtMs: nowMs, people: 4 }))).toEqual(['admitted']);
    expect(await outcomes(gate, out(first.qrCode, 2))).toEqual(['exited']);
    expect(await outcomes(gate, scanOf(codeOf(family), { saidAtMs: nowMs }))).toEqual(['admitted']);
    expect(await inside()).toBe(9);
  });

  test('a scan refused as park_full stays refused when it is told again, a new one counts', async () => {
    capacity = 2;
    const scan = enter(3);
    expect(await outcomes(gate, scan)).toEqual(['park_full']);
    capacity = 3;
    expect(await otherGate(scan)).toMatchObject([{ outcome: 'park_full', repeated: true }]);
    expect(await outcomes(gate, { ...scan, scanId: ids.next() })).toEqual(['admitted']);
  });

  test('a scan that was refused and never heard of it counts when the gate says that they are in, with one answer for ever', async () => {
    capacity = 2;
    const asked = { ...enter(3), people: 3 };
    expect(await outcomes(gate, asked)).toEqual(['park_full']);
    const told = { ...asked, decidedOffline: true };
    const calls = [gate(told), otherGate(told), gate(told), otherGate(told)];
    const answers = (await Promise.all(calls)).flat();
    const answer = { scanId: asked.scanId, outcome: 'admitted', people: 3, remaining: 0, incidentId: null };
    for (const one of answers) expect(one).toMatchObject(answer);
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await inside()).toBe(3);
    for (const at of [gate, otherGate]) expect(await at(told)).toMatchObject([{ ...answer, repeated: true }]);
    expect(await inside()).toBe(3);
    expect(await otherGate(asked)).toMatchObject([{ outcome: 'park_full', people: 0, repeated: true }]);
  });

  test('is never passed by two processes whose gates are rushed', async () => {
    const waves = Array.from({ length: 12 }, () => [enter(1), enter(2)]).flat();
    const answers = await Promise.all(waves.map((scan, index) => (index % 2 === 0 ? gate : otherGate)(scan)));
    const admitted = answers.flat().reduce((sum, { people }) => sum + people, 0);
    expect(admitted).toBe(await inside());
    expect(admitted).toBe(10);
    expect(new Set(answers.flat().map(({ outcome }) => outcome))).toEqual(new Set(['admitted', 'park_full']));
  });

  test('of yesterday, who never went out, does not fill today', async () => {
    expect(await outcomes(gate, enter(10))).toEqual(['admitted']);
    nowMs += MS_A_DAY;
    visitDate = new Date(nowMs).toISOString().slice(0, 10);
    clock.set(nowMs);
    expect(await inside()).toBe(0);
    expect(await outcomes(gate, enter(10))).toEqual(['admitted']);
  });

  test('follows the capacity: raised there is room at once, lowered nobody comes in until enough have gone', async () => {
    const first = sellToday(10);
    await gate(scanOf(codeOf(first), { saidAtMs: nowMs }));
    capacity = 12;
    expect(await outcomes(otherGate, enter(2))).toEqual(['admitted']);
    expect(await outcomes(otherGate, enter(1))).toEqual(['park_full']);
    capacity = 9;
    expect(await outcomes(gate, out(first.qrCode, 3))).toEqual(['exited']);
    expect(await outcomes(gate, enter(1))).toEqual(['park_full']);
    expect(await outcomes(otherGate, out(first.qrCode, 1))).toEqual(['exited']);
    expect(await outcomes(otherGate, enter(2))).toEqual(['park_full']);
    expect(await outcomes(otherGate, enter(1))).toEqual(['admitted']);
    expect(await inside()).toBe(9);
  });

  test('may be passed by a manager who says why, and fills up again only when they have gone', async () => {
    const first = sellToday(10);
    await gate(scanOf(codeOf(first), { saidAtMs: nowMs }));
    const reason = { reason: 'Their bus leaves from inside' };
    expect(await outcomes(gate, enter(2, reason))).toEqual(['park_full']);
    const scan = enter(2, reason);
    expect(await managersGate(scan, { ...scan })).toMatchObject([
      { outcome: 'admitted', people: 2, repeated: false },
      { outcome: 'admitted', repeated: true },
    ]);
    expect(await inside()).toBe(12);
    expect(await outcomes(gate, out(first.qrCode, 2))).toEqual(['exited']);
    expect(await outcomes(otherGate, enter(1))).toEqual(['park_full']);
    expect(await outcomes(otherGate, out(first.qrCode, 1))).toEqual(['exited']);
    expect(await outcomes(gate, enter(1))).toEqual(['admitted']);
    const written = await node.store.read(0, 1_000, ['EntryLimitOverridden']);
    expect(written).toMatchObject([
      { actor: 'user:manager', data: { scanId: scan.scanId, people: 2, by: 'user:manager', visitDate } },
    ]);
    expect(JSON.stringify(written[0]?.data)).not.toContain('bus');
  });

  test('an override goes against nothing but a full park, and is not written where there is room', async () => {
    const reason = { reason: 'please' };
    const before = (await node.store.read(0, 1_000, ['EntryLimitOverridden'])).length;
    const cancelled = scanOf(codeOf(sell({ visitDate, status: 'cancelled', ...window() })), { saidAtMs: nowMs });
    expect(await outcomes(managersGate, { ...cancelled, override: reason }, enter(3, reason))).toEqual([
      'cancelled',
      'admitted',
    ]);
    expect(await node.store.read(0, 1_000, ['EntryLimitOverridden'])).toHaveLength(before);
  });

  const window = () => ({ validFromMs: nowMs - 3_600_000, validUntilMs: nowMs + 3_600_000 });
});
