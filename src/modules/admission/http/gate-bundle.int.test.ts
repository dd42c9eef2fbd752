import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { MS_A_DAY } from '../../../kernel/time.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import { parseAllowance } from '../domain/device-words.ts';
import { ALONE_PER_HOUR, NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

type Bundle = {
  readonly tickets: readonly { readonly id: string; readonly status: string; readonly remaining: number }[];
  readonly revocations: readonly { readonly ticket_id: string; readonly visit_date: string; readonly reason: string }[];
  readonly next_since: string;
  readonly has_more: boolean;
};

describeWithDatabase('the bundle of a gate', () => {
  let server: GateServer;
  let device: string;
  let oshDevice: string;

  beforeAll(async () => {
    server = await openGateServer();
    const enrol = async (parkId: string) => {
      const { code } = (await server.call('manager', 'POST', '/admin/devices', { park_id: parkId })).body;
      const { credential } = (await server.call(null, 'POST', '/gate/devices/enroll', { code, name: 'North' })).body;
      return String(credential);
    };
    [device, oshDevice] = [await enrol('ala-archa'), await enrol('osh')];
  });
  afterAll(() => server.close());

  /** As booking tells it. */
  const tell = async (type: string, { ticketId, parkId, visitDate }: GateTicketFacts, more: object = {}) => {
    await server.node.store.append({
      streams: [
        {
          streamId: ticketId,
          aggregateType: 'Ticket',
          expected: 'any',
          events: [{ id: ids.next(), type, schemaVersion: 1, data: { ticketId, parkId, visitDate, ...more } }],
        },
      ],
      context: { actor: 'user:test', correlationId: 'test', occurredAtMs: server.clock.now() },
    });
  };
  const buy = async (change: Partial<GateTicketFacts> = {}) => {
    const ticket = server.sell(change);
    await tell('TicketActivated', ticket);
    return ticket;
  };
  const cancel = async (ticket: GateTicketFacts, freedFrom = 'sold') => {
    server.change(ticket, { status: 'cancelled' });
    await tell('TicketCancelled', ticket, { freedFrom });
  };
  const move = async (ticket: GateTicketFacts, visitDate: string) => {
    server.change(ticket, { visitDate });
    await tell('TicketMoved', { ...ticket, visitDate }, { fromDate: ticket.visitDate });
  };
  const admit = (ticket: GateTicketFacts) =>
    server.call('gate', 'POST', '/gate/scans', {
      scans: [
        {
          scan_id: ids.next(),
          code: server.admission.issueCode(ticket),
          direction: 'in',
          scanned_at: NOW,
          gate: 'main',
        },
      ],
    });
  const read = async (as: string, query = '') => {
    const { status, body } = await server.call(as, 'GET', `/gate/bundle${query}`);
    expect(status).toBe(200);
    return body as unknown as Bundle & { readonly keys: unknown; readonly park_id: string; readonly today: string };
  };
  const idsOf = ({ tickets }: Bundle) => tickets.map(({ id }) => id);
  const news = async (since: string) => read(device, `?since=${since}`);

  test('has the keys, the tickets of today and tomorrow, and what was revoked of all days to come', async () => {
    const [today, tomorrow, later] = [
      await buy(),
      await buy({ visitDate: '2026-12-06' }),
      await buy({ visitDate: '2026-12-20' }),
    ];
    const [cancelled, moved] = [await buy({ visitDate: '2026-12-20' }), await buy({ visitDate: '2026-12-21' })];
    await cancel(cancelled);
    await move(moved, '2026-12-22');
    const unpaid = server.sell({ status: 'pending_payment' });
    await cancel(unpaid, 'held');
    const bundle = await read(device);
    expect(bundle).toMatchObject({ park_id: 'ala-archa', today: '2026-12-05', as_of: '2026-12-05T06:00:00.000Z' });
    expect(bundle.keys).toEqual([
      {
        kid: expect.stringMatching(/^[0-9a-f]{8}$/),
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      },
    ]);
    expect(idsOf(bundle)).toEqual([today.ticketId, tomorrow.ticketId]);
    expect(JSON.stringify(bundle)).not.toContain(later.ticketId);
    expect(JSON.stringify(bundle)).not.toContain(unpaid.ticketId);
    expect(bundle.revocations).toEqual([
      { ticket_id: cancelled.ticketId, visit_date: '2026-12-20', reason: 'cancelled' },
      { ticket_id: moved.ticketId, visit_date: '2026-12-21', reason: 'moved' },
    ]);
    expect(bundle.tickets[0]).toMatchObject({
      qr_code: today.qrCode,
      people: 3,
      remaining: 3,
      children: [
        { first_name: 'Aibek', age_band: '3-6' },
        { first_name: null, age_band: '0-2' },
      ],
    });
    expect(JSON.stringify(bundle)).not.toContain(today.userId);
  });

  test('tells with since what changed after it, and nothing when nothing did', async () => {
    const [used, gone, kept] = [await buy(), await buy(), await buy()];
    const { next_since: since } = await read(device);
    expect(await news(since)).toMatchObject({ tickets: [], revocations: [], next_since: since, has_more: false });
    await admit(used);
    await cancel(gone);
    const bought = await buy();
    const changed = await news(since);
    expect(changed.tickets).toMatchObject([
      { id: used.ticketId, status: 'used', remaining: 0 },
      { id: bought.ticketId, status: 'active', remaining: 3 },
    ]);
    expect(changed.revocations).toMatchObject([{ ticket_id: gone.ticketId, reason: 'cancelled' }]);
    expect(idsOf(changed)).not.toContain(kept.ticketId);
    await move(kept, '2026-12-06');
    const moved = await news(changed.next_since);
    expect(moved.tickets).toMatchObject([{ id: kept.ticketId, visit_date: '2026-12-06' }]);
    expect(moved.revocations).toMatchObject([{ ticket_id: kept.ticketId, visit_date: '2026-12-05', reason: 'moved' }]);
  });

  test('tells of a ticket that has come back to the day it was moved from', async () => {
    const ticket = await buy();
    await move(ticket, '2026-12-06');
    const { next_since: since } = await read(device);
    server.change(ticket, { visitDate: '2026-12-05' });
    await tell('TicketMoveUndone', ticket, { fromDate: '2026-12-06' });
    const { tickets, revocations } = await news(since);
    expect(tickets).toMatchObject([{ id: ticket.ticketId, visit_date: '2026-12-05' }]);
    expect(revocations).toMatchObject([{ ticket_id: ticket.ticketId, visit_date: '2026-12-06', reason: 'moved' }]);
  });

  test('is read part by part, each change once, a move whole', async () => {
    const whole = await read(device);
    const seen: string[] = [];
    const revoked: unknown[] = [];
    let since = '';
    for (;;) {
      const part = await read(device, `?limit=2${since}`);
      expect(part.tickets.length + part.revocations.length).toBeLessThanOrEqual(3);
      seen.push(...idsOf(part));
      revoked.push(...part.revocations);
      since = `&since=${part.next_since}`;
      if (!part.has_more) break;
    }
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual(idsOf(whole));
    expect(revoked).toEqual(whole.revocations);
  });

  test('tells of a day that has come near as a whole, although its tickets are old', async () => {
    const old = await buy({ visitDate: '2026-12-07' });
    const { next_since: since } = await read(device);
    server.clock.advance(MS_A_DAY);
    const { next_since: _next, ...bundle } = await news(since);
    server.clock.advance(-MS_A_DAY);
    expect(bundle.today).toBe('2026-12-06');
    expect(idsOf({ ...bundle, next_since: '' })).toContain(old.ticketId);
  });

  test('begins anew after a position that the log has not reached, as after a restore', async () => {
    const whole = await read(device);
    expect(await news(`${whole.next_since}00`)).toEqual(whole);
  });

  describe('of one park', () => {
    test('is for its devices and staff only, and never has a ticket of another', async () => {
      const here = await buy();
      const there = await buy({ parkId: 'osh' });
      await cancel(await buy({ parkId: 'osh', visitDate: '2026-12-20' }));
      for (const as of ['osh', oshDevice, 'osh-manager']) {
        const bundle = await read(as);
        expect(bundle.park_id).toBe('osh');
        expect(idsOf(bundle)).toEqual([there.ticketId]);
        expect(bundle.revocations).toHaveLength(1);
        // A place in another park's list is no way into it.
        const { next_since: since } = await read(device);
        expect(JSON.stringify(await read(as, `?since=${since}`))).not.toContain(here.ticketId);
        expect(await server.call(as, 'GET', '/gate/bundle?park_id=ala-archa')).toMatchObject({ status: 403 });
      }
      expect(idsOf(await read(device))).not.toContain(there.ticketId);
    });

    test('must be named by who works at all of them', async () => {
      expect(await server.call('manager', 'GET', '/gate/bundle')).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path: 'park_id' }] },
      });
      expect((await read('manager', '?park_id=osh')).park_id).toBe('osh');
    });

    test.each(['guest', 'finance'])('is not for %s', async (who) => {
      expect(await server.call(who, 'GET', '/gate/bundle?park_id=osh')).toMatchObject({ status: 403 });
    });
  });

  test.each(['since=1', 'since=2026-12-06.-1', 'since=2026-12-06.1%27', 'limit=0', 'limit=201', 'park_id=%00'])(
    'refuses ?%s',
    async (query) => {
      const { status } = await server.call('manager', 'GET', `/gate/bundle?${query}`);
      expect([400, 403]).toContain(status);
    },
  );

  test('a rebuild of the read model gives the same rows', async () => {
    const before = await server.opened.rows();
    expect(before['admission.gate_days']?.length).toBeGreaterThan(10);
    await server.opened.replay(1, await server.node.store.headPosition());
    expect(await server.opened.rows()).toEqual(before);
    for (const batch of [1, 3, 100_000]) {
      await server.opened.rebuild(batch);
      expect(await server.opened.rows()).toEqual(before);
    }
  });

  test('that was read before is answered 304 while nothing changed but the time, and whole again after a change', async () => {
    const ask = (tag?: string) =>
      server.call(device, 'GET', '/gate/bundle', undefined, tag === undefined ? {} : { 'if-none-match': tag });
    const first = await ask();
    const tag = String(first.headers['etag']);
    expect(first).toMatchObject({ status: 200, body: { revocations_as_of: first.body['as_of'] } });
    server.clock.advance(60_000);
    expect(await ask(tag)).toMatchObject({ status: 304, headers: { etag: tag }, body: {} });
    expect(await ask('W/"other"')).toMatchObject({ status: 200 });
    await cancel(await buy());
    const next = await ask(tag);
    expect(next.status).toBe(200);
    expect(next.headers['etag']).not.toBe(tag);
  });

  test('tells a device what it may do alone today and tomorrow, and staff nothing of it', async () => {
    const { body } = await server.call(device, 'GET', '/gate/bundle');
    const words = (body['allowances'] as string[]).map((one) => parseAllowance(one)?.claims);
    expect(words).toMatchObject([
      { parkId: 'ala-archa', date: '2026-12-05', greenPerHour: ALONE_PER_HOUR, amberPerHour: ALONE_PER_HOUR / 2 },
      { parkId: 'ala-archa', date: '2026-12-06' },
    ]);
    expect(words[0]?.notAfterMs).toBe(Date.parse('2026-12-05T18:00:00Z') - 1);
    expect((await server.call('gate', 'GET', '/gate/bundle')).body['allowances']).toEqual([]);
  });
});
