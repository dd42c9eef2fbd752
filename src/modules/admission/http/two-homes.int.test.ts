import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { append, withEntry } from '../../../../clients/gate/log.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import { parseAllowance } from '../domain/device-words.ts';
import { enrolDevice, type GateDevice } from './device-log.suite.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

const [TODAY, TOMORROW] = ['2026-12-05', '2026-12-06'];

describeWithDatabase('gates of a park whose days two nodes serve', () => {
  let server: GateServer;
  let device: GateDevice;

  beforeAll(async () => {
    server = await openGateServer();
    device = await enrolDevice(server);
  });
  afterEach(() => server.homes.clear());
  afterAll(() => server.close());

  const codeOf = (ticket: GateTicketFacts): string => server.admission.issueCode(ticket);
  const scanOf = (ticket: GateTicketFacts) => ({
    scan_id: ids.next(),
    code: codeOf(ticket),
    direction: 'in',
    people: 1,
    scanned_at: NOW,
    gate: 'main',
    decided_offline: true,
  });
  const isUsed = async ({ ticketId }: GateTicketFacts) => (await server.admission.findAdmission(ticketId)) !== null;

  test('scans for other gates are answered so in their place, and the others are counted', async () => {
    server.homes.set(TOMORROW, 'park');
    const [here, there] = [server.sell(), server.sell({ visitDate: TOMORROW })];
    const scans = [scanOf(there), scanOf(here), scanOf(there)];
    const { status, body } = await server.call('gate', 'POST', '/gate/scans', { scans: [...scans, scans[0]] });
    expect(status).toBe(200);
    const nothing = { outcome: 'not_home', people_admitted: 0, people_exited: 0, repeated: false, ticket: null };
    expect(body['results']).toMatchObject([
      { scan_id: scans[0]?.scan_id, ...nothing },
      { scan_id: scans[1]?.scan_id, outcome: 'admitted', people_admitted: 1 },
      { scan_id: scans[2]?.scan_id, ...nothing },
      { scan_id: scans[0]?.scan_id, ...nothing },
    ]);
    expect([await isUsed(here), await isUsed(there)]).toEqual([true, false]);
    // Nothing was kept of them: should the gates become this node's, they get their first answer.
    server.homes.clear();
    expect((await server.call('gate', 'POST', '/gate/scans', { scans: scans.slice(0, 1) })).body).toMatchObject({
      results: [{ outcome: 'admitted', people_admitted: 1, repeated: false }],
    });
  });

  test('a call with nothing for gates of this node is refused as a whole', async () => {
    server.homes.set(TOMORROW, 'park');
    const scans = [scanOf(server.sell({ visitDate: TOMORROW }))];
    expect(await server.call('gate', 'POST', '/gate/scans', { scans })).toMatchObject({
      status: 409,
      body: { code: 'not_home' },
    });
  });

  test('the log of a device goes on over entries for other gates, which count nowhere here', async () => {
    server.homes.set(TOMORROW, 'park');
    const [here, there] = [server.sell(), server.sell({ visitDate: TOMORROW })];
    for (const ticket of [here, there, here]) {
      const passing = { ticketId: ticket.ticketId, scanId: ids.next(), code: codeOf(ticket), direction: 'in' } as const;
      const decided = { ...passing, people: 1, saidAtMs: Date.parse(NOW), gate: 'main' };
      const entry = await append(device.log, device.id, decided);
      device.log = withEntry(device.log, entry);
      device.entries = [...device.entries, entry];
    }
    const merged = await device.bring();
    expect(merged).toMatchObject({
      verdict: 'merged',
      expected_seq: 4,
      results: [
        { result: { outcome: 'admitted' } },
        { result: { outcome: 'not_home', people_admitted: 0 } },
        { result: { outcome: 'admitted' } },
      ],
    });
    expect([await isUsed(here), await isUsed(there)]).toEqual([true, false]);
  });

  test('also where a part of it has entries for other gates alone', async () => {
    server.homes.set(TOMORROW, 'park');
    const lonely = await enrolDevice(server);
    const there = server.sell({ visitDate: TOMORROW });
    const passing = {
      ticketId: there.ticketId,
      code: codeOf(there),
      direction: 'in',
      people: 1,
      gate: 'main',
    } as const;
    await lonely.keep({ ...passing, scanId: ids.next(), saidAtMs: Date.parse(NOW) });
    expect(await lonely.bring()).toMatchObject({
      verdict: 'merged',
      expected_seq: 2,
      results: [{ result: { outcome: 'not_home', people_admitted: 0 } }],
    });
    // Should the gates become this node's, the device may bring it again.
    server.homes.clear();
    expect(await lonely.bring()).toMatchObject({ expected_seq: 2, results: [{ result: { outcome: 'admitted' } }] });
    expect(await isUsed(there)).toBe(true);
  });

  test('a ticket that nothing speaks against is not called valid where its gates are not served', async () => {
    const code = codeOf(server.sell());
    const look = async () => (await server.call('gate', 'POST', '/tickets/validate', { code })).body;
    expect(await look()).toMatchObject({ valid: true, reason: null });
    server.homes.set(TODAY, 'park');
    expect(await look()).toMatchObject({ valid: false, reason: 'not_home', ticket: { remaining: 3 } });
    const cancelled = codeOf(server.sell({ status: 'cancelled' }));
    expect((await server.call('gate', 'POST', '/tickets/validate', { code: cancelled })).body).toMatchObject({
      valid: false,
      reason: 'cancelled',
    });
  });

  test('a device gets no bundle where it may let nobody in, and no allowance for a day of other gates', async () => {
    const ask = () => server.call(device.credential, 'GET', '/gate/bundle');
    const daysOf = ({ body }: Awaited<ReturnType<typeof ask>>) =>
      (body['allowances'] as string[]).map((one) => parseAllowance(one)?.claims.date);
    const own = await ask();
    expect([own.body['not_home'], daysOf(own)]).toEqual([[], [TODAY, TOMORROW]]);
    server.homes.set(TOMORROW, 'park');
    const last = await ask();
    expect([last.body['not_home'], daysOf(last)]).toEqual([[TOMORROW], [TODAY]]);
    server.homes.set(TODAY, 'park');
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'not_home' } });
  });
});
