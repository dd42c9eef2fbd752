import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { MS_A_DAY } from '../../../kernel/time.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import { LATEST_ARRIVAL_MS } from '../domain/gate-check.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

describeWithDatabase('incidents at gates', () => {
  let server: GateServer;
  let sold: GateTicketFacts;

  beforeAll(async () => {
    server = await openGateServer();
  });
  beforeEach(() => {
    server.park.capacity = 1_000;
    sold = server.sell();
  });
  afterAll(() => server.close());

  const letIn = (change: object = {}) => ({
    scan_id: ids.next(),
    code: server.admission.issueCode(sold),
    direction: 'in',
    people: 3,
    scanned_at: NOW,
    gate: 'main',
    decided_offline: true,
    ...change,
  });
  const send = async (...scans: readonly object[]) => {
    const { status, body } = await server.call('gate', 'POST', '/gate/scans', { scans });
    expect(status).toBe(200);
    return body['results'] as readonly { readonly outcome: string; readonly incident_id: string | null }[];
  };
  const list = async (query = '', as = 'manager') =>
    (await server.call(as, 'GET', `/admin/incidents${query}`)).body as {
      readonly items: readonly { readonly id: string; readonly ticket_id: string; readonly status: string }[];
      readonly next_cursor: string | null;
    };
  const exceeded = async () =>
    (await server.node.store.read(0, 10_000, ['EntryLimitExceeded'])).map(({ data }) => data);
  const inside = async () => (await server.admission.occupancy(['ala-archa']))[0] ?? 0;
  const resolve = (id: string, as = 'manager') =>
    server.call(as, 'POST', `/admin/incidents/${id}/resolve`, { resolution: 'shared_code', note: 'Aibek said so' });

  describe('a gate that was cut off and has let people in', () => {
    test('is answered admitted where the ticket was good for them', async () => {
      expect(await send(letIn())).toMatchObject([{ outcome: 'admitted', people_admitted: 3, incident_id: null }]);
      expect(await exceeded()).toEqual([]);
    });

    test('over the limit of the park is answered the same and told of, in excess too', async () => {
      server.park.capacity = (await inside()) + 3;
      const scans = [letIn(), letIn({ people: 2 })];
      expect(await send(...scans, letIn({ decided_offline: false }))).toMatchObject([
        { outcome: 'admitted', people_admitted: 3 },
        { outcome: 'already_used', people_admitted: 2 },
        { outcome: 'already_used', people_admitted: 0 },
      ]);
      expect(await exceeded()).toMatchObject([{ scanId: scans[1]?.scan_id, people: 2, parkId: 'ala-archa' }]);
      sold = server.sell();
      const other = letIn();
      expect(await send(other)).toMatchObject([{ outcome: 'admitted' }]);
      expect(await exceeded()).toMatchObject([{ people: 2 }, { scanId: other.scan_id, people: 3 }]);
    });

    test('is answered with an incident where it was not, and the people count as inside', async () => {
      const before = await inside();
      await send(letIn({ decided_offline: false, scanned_at: '2026-12-05T05:50:00Z' }));
      const early = letIn({ people: 2, scanned_at: '2026-12-05T05:40:00Z', gate: 'north' });
      const [answer] = await send(early);
      expect(answer).toMatchObject({ outcome: 'already_used', people_admitted: 2, remaining: 0, repeated: false });
      expect(await send(early)).toEqual([{ ...answer, repeated: true }]);
      expect(await inside()).toBe(before + 5);
      const found = (await list()).items.filter(({ ticket_id: id }) => id === sold.ticketId);
      expect(found.map(({ id }) => id)).toContain(answer?.incident_id);
      expect(found).toHaveLength(2);
      expect(found[0]).toMatchObject({
        status: 'open',
        park_id: 'ala-archa',
        winner: { scan_id: early.scan_id, scanned_at: '2026-12-05T05:40:00.000Z', node_id: 'hq', gate: 'north' },
        resolved: null,
      });
      expect(await send(letIn({ direction: 'out', people: 5 }))).toMatchObject([{ outcome: 'exited' }]);
      expect(await inside()).toBe(before);
    });

    test.each(['cancelled', 'refunded'] as const)('is answered with an incident on a %s ticket', async (status) => {
      sold = server.sell({ status });
      const [answer] = await send(letIn());
      expect(answer).toMatchObject({ outcome: 'cancelled', people_admitted: 3, ticket: { status } });
      expect(answer?.incident_id).not.toBeNull();
    });

    test('on a ticket whose day is over by now is answered admitted', async () => {
      sold = server.sell({ status: 'expired' });
      expect(await send(letIn())).toMatchObject([{ outcome: 'admitted' }]);
    });

    test('is answered with an incident on the day from which the ticket was moved', async () => {
      const before = await inside();
      const code = server.admission.issueCode(sold);
      const moved = { visitDate: '2026-12-06', movedFrom: sold.visitDate, validFromMs: sold.validFromMs + MS_A_DAY };
      server.change(sold, { ...moved, validUntilMs: sold.validUntilMs + MS_A_DAY });
      const scan = letIn({ code });
      expect(await send({ ...scan, scan_id: ids.next(), decided_offline: false })).toMatchObject([
        { outcome: 'revoked', people_admitted: 0, incident_id: null },
      ]);
      const [answer] = await send(scan);
      expect(answer).toMatchObject({ outcome: 'revoked', people_admitted: 3, repeated: false });
      expect(await send(scan)).toEqual([{ ...answer, repeated: true }]);
      const found = (await list()).items.find(({ id }) => id === answer?.incident_id);
      expect(found).toMatchObject({ ticket_id: sold.ticketId, visit_date: '2026-12-05', status: 'open' });
      expect(await inside()).toBe(before + 3);
      expect(await send(letIn({ code, direction: 'out', decided_offline: false }))).toMatchObject([
        { outcome: 'exited', people_exited: 3 },
      ]);
      expect(await inside()).toBe(before);
    });

    test('is refused what no node of ours has signed, and nothing else', async () => {
      const code = server.admission.issueCode({ ...sold, partySize: 9 });
      const lost = server.admission.issueCode({ ...sold, ticketId: ids.next() });
      expect(await send(letIn({ code: 'forged' }), letIn({ code }), letIn({ code: lost }))).toMatchObject([
        { outcome: 'bad_signature', people_admitted: 0, incident_id: null },
        { outcome: 'revoked', people_admitted: 3, incident_id: expect.any(String) as string },
        { outcome: 'admitted', people_admitted: 3, incident_id: null, known_here: false },
      ]);
    });

    test.each<[string, Partial<GateTicketFacts>]>([
      ['that was paid while its node was cut off', { status: 'pending_payment', isPaid: false }],
      ['whose places late money took again', { status: 'expired', isPaid: false }],
      ['before the day by the clock of the node', { validFromMs: Date.parse(NOW) + 60_000 }],
      ['after its hours by the clock of the gate', { validUntilMs: Date.parse(NOW) - 60_000 }],
    ])('by a ticket %s is answered admitted, and nobody comes in again', async (_what, change) => {
      const before = await inside();
      sold = server.sell(change);
      expect(await send(letIn())).toMatchObject([{ outcome: 'admitted', people_admitted: 3, incident_id: null }]);
      const [again] = await send(letIn());
      expect(again).toMatchObject({ outcome: 'already_used', people_admitted: 3 });
      expect(again?.incident_id).not.toBeNull();
      expect(await inside()).toBe(before + 6);
    });

    test('counts them however late it tells', async () => {
      const scan = letIn();
      server.clock.advance(LATEST_ARRIVAL_MS + 1);
      try {
        expect(await send(letIn({ decided_offline: false }))).toMatchObject([{ outcome: 'expired' }]);
        expect(await send(scan)).toMatchObject([{ outcome: 'admitted', people_admitted: 3, incident_id: null }]);
      } finally {
        server.clock.set(Date.parse(NOW));
      }
    });

    test('must say how many it has let in', async () => {
      const scans = [letIn({ people: undefined })];
      expect(await server.call('gate', 'POST', '/gate/scans', { scans })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path: 'scans.0.people' }] },
      });
    });
  });

  test('a manager resolves an incident once, in sealed words; a later scan joins it resolved', async () => {
    await send(letIn());
    const [answer] = await send(letIn({ people: 1 }));
    const id = String(answer?.incident_id);
    const resolved = { resolution: 'shared_code', note: 'Aibek said so', by: 'user:manager' };
    expect(await resolve(id)).toMatchObject({ status: 200, body: { id, status: 'resolved', resolved } });
    expect(await resolve(id)).toMatchObject({ status: 409, body: { code: 'incident_resolved' } });
    const joining = letIn({ people: 1 });
    await send(joining);
    const found = (await list('?status=resolved')).items.find((one) => one.id === id);
    expect(found).toMatchObject({ resolved });
    expect((await list('?status=open')).items.map((one) => one.id)).not.toContain(id);
    const events = JSON.stringify(await server.node.store.read(0, 10_000));
    expect(events + JSON.stringify(await server.opened.rows())).not.toContain('Aibek said so');
  });

  test('managers see and resolve the incidents of their park only', async () => {
    await send(letIn());
    const [answer] = await send(letIn());
    const id = String(answer?.incident_id);
    expect((await list('?park_id=osh', 'osh-manager')).items).toEqual([]);
    for (const query of ['', '?park_id=ala-archa']) {
      expect(await server.call('osh-manager', 'GET', `/admin/incidents${query}`)).toMatchObject({ status: 403 });
    }
    expect(await resolve(id, 'osh-manager')).toMatchObject({ status: 404, body: { code: 'incident_not_found' } });
    expect(await resolve(id, 'gate')).toMatchObject({ status: 403 });
    expect(await resolve(ids.next())).toMatchObject({ status: 404 });
    expect(await server.call('gate', 'GET', '/admin/incidents?park_id=ala-archa')).toMatchObject({ status: 403 });
  });

  test('the list goes on page by page', async () => {
    const whole = (await list('?limit=100')).items.map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { items, next_cursor: next } = await list(`?limit=2${cursor}`);
      seen.push(...items.map(({ id }) => id));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen.length).toBeGreaterThan(4);
    expect(seen).toEqual(whole);
    expect(await server.call('manager', 'GET', '/admin/incidents?cursor=MQ')).toMatchObject({ status: 400 });
  });

  test('a rebuild of the read models gives the same rows', async () => {
    const before = await server.opened.rows();
    expect(before['admission.incidents']?.length).toBeGreaterThan(4);
    await server.opened.replay(1, await server.node.store.headPosition());
    expect(await server.opened.rows()).toEqual(before);
    for (const batch of [1, 3, 100_000]) {
      await server.opened.rebuild(batch);
      expect(await server.opened.rows()).toEqual(before);
    }
  });
});
