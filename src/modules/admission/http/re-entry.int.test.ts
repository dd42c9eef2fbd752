import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

type Result = { readonly outcome: string; readonly people_admitted: number; readonly remaining: number };

describeWithDatabase('who went out comes in again', () => {
  let server: GateServer;
  let sold: GateTicketFacts;

  beforeAll(async () => {
    server = await openGateServer();
  });
  beforeEach(() => {
    sold = server.sell();
  });
  afterAll(() => server.close());

  const scan = (direction: 'in' | 'out', people?: number) => ({
    scan_id: ids.next(),
    code: server.admission.issueCode(sold),
    direction,
    scanned_at: NOW,
    gate: 'main',
    ...(people === undefined ? {} : { people }),
  });
  const send = async (...scans: readonly object[]) => {
    const { status, body } = await server.call('gate', 'POST', '/gate/scans', { scans });
    expect(status).toBe(200);
    return body['results'] as readonly Result[];
  };
  const outcomes = (results: readonly Result[]) => results.map(({ outcome }) => outcome);
  const inside = async () => (await server.admission.occupancy(['ala-archa']))[0] ?? 0;

  test('nowhere where the park says none: no place enters twice', async () => {
    server.park.reEntry = 'none';
    const results = await send(scan('in', 2), scan('out'), scan('in', 2), scan('in'), scan('out'), scan('in'));
    expect(results).toMatchObject([
      { outcome: 'admitted', people_admitted: 2, remaining: 1 },
      { outcome: 'exited', remaining: 1 },
      { outcome: 'partly_used', people_admitted: 0, remaining: 1 },
      { outcome: 'admitted', people_admitted: 1, remaining: 0 },
      { outcome: 'exited', remaining: 0 },
      { outcome: 'already_used', people_admitted: 0, remaining: 0 },
    ]);
  });

  test('where the park says the same day, as many as went out: no place is inside twice', async () => {
    server.park.reEntry = 'same_day';
    const before = await inside();
    const results = await send(scan('in'), scan('in', 1), scan('out', 2), scan('in', 3), scan('in'), scan('in', 1));
    expect(results).toMatchObject([
      { outcome: 'admitted', people_admitted: 3, remaining: 0 },
      { outcome: 'already_used', people_admitted: 0, remaining: 0 },
      { outcome: 'exited', remaining: 2 },
      { outcome: 'partly_used', people_admitted: 0, remaining: 2 },
      { outcome: 'admitted', people_admitted: 2, remaining: 0 },
      { outcome: 'already_used', people_admitted: 0, remaining: 0 },
    ]);
    expect(await inside()).toBe(before + 3);
  });

  test('who came in is counted before midnight too, where gates open for the next day by then, and once', async () => {
    server.park.reEntry = 'same_day';
    await send(scan('in', 2));
    const today = await inside();
    expect(today).toBeGreaterThanOrEqual(2);
    // 23:00 in Bishkek, and the last millisecond in which gates cannot be open for the next day.
    server.clock.set(Date.parse('2026-12-04T17:00:00Z') - 1);
    expect(await inside()).toBe(0);
    server.clock.advance(1);
    expect(await inside()).toBe(today);
    server.clock.set(Date.parse(NOW));
    expect(await server.admission.occupancy(['ala-archa', 'ala-archa'])).toEqual([today, today]);
  });

  test('on another day nobody does, whatever the park says', async () => {
    server.park.reEntry = 'same_day';
    await send(scan('in'), scan('out'));
    const nextDay = { ...scan('in'), scanned_at: '2026-12-06T06:00:00Z' };
    server.clock.advance(86_400_000);
    expect(outcomes(await send(nextDay))).toEqual(['wrong_date']);
    server.clock.set(Date.parse(NOW));
  });

  test.each([
    ['same_day', 1],
    ['none', 0],
  ] as const)('by many gates at once: under %s exactly %i by each exit', async (reEntry, entering) => {
    server.park.reEntry = reEntry;
    for (let round = 0; round < 5; round += 1) {
      sold = server.sell();
      await send(scan('in'), scan('out', 1));
      const results = await Promise.all(Array.from({ length: 8 }, () => send(scan('in', 1))));
      expect(outcomes(results.flat()).filter((outcome) => outcome === 'admitted')).toHaveLength(entering);
    }
  });

  test('a park that changes its setting goes by it from the next scan on', async () => {
    server.park.reEntry = 'none';
    await send(scan('in'), scan('out'));
    expect(outcomes(await send(scan('in')))).toEqual(['already_used']);
    server.park.reEntry = 'same_day';
    expect(outcomes(await send(scan('in')))).toEqual(['admitted']);
  });
});
