import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { routeFaults } from '../../../infrastructure/http/route-faults.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import type { AdmissionModule } from '../module.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

describeWithDatabase('gate routes', () => {
  let server: GateServer;
  let admission: AdmissionModule;
  let sold: GateTicketFacts;

  beforeAll(async () => {
    server = await openGateServer();
    admission = server.admission;
  });
  beforeEach(() => {
    server.park.capacity = 1_000;
    sold = server.sell();
  });
  afterAll(() => server.close());

  const call: GateServer['call'] = (...request) => server.call(...request);

  const scan = (change: object = {}) => ({
    scan_id: ids.next(),
    code: admission.issueCode(sold),
    direction: 'in',
    scanned_at: NOW,
    gate: 'main',
    ...change,
  });

  test('are declared by the rules of the API', () => {
    expect(routeFaults(admission.routes)).toEqual([]);
  });

  describe('who may call them', () => {
    test.each(['guest', 'finance'])('%s may not', async (who) => {
      expect(await call(who, 'GET', `/tickets/validate/${sold.qrCode}`)).toMatchObject({ status: 403 });
      expect(await call(who, 'POST', '/tickets/validate', { code: sold.qrCode })).toMatchObject({ status: 403 });
      expect(await call(who, 'POST', '/gate/scans', { scans: [scan()] })).toMatchObject({ status: 403 });
    });

    test('nobody may without a token', async () => {
      expect(await call('nobody', 'POST', '/gate/scans', { scans: [scan()] })).toMatchObject({ status: 401 });
    });

    test.each(['gate', 'manager'])('%s may, at the parks of the role', async (who) => {
      expect(await call(who, 'POST', '/tickets/validate', { code: sold.qrCode })).toMatchObject({
        status: 200,
        body: { valid: true },
      });
    });

    test('staff of another park learn where the party belongs and nothing of its children', async () => {
      const answer = await call('osh', 'POST', '/tickets/validate', { code: sold.qrCode });
      expect(answer.body).toMatchObject({
        valid: false,
        reason: 'wrong_park',
        ticket: { park_id: 'ala-archa', children: [] },
      });
      const scanned = await call('osh', 'POST', '/gate/scans', { scans: [scan()] });
      expect(scanned.body).toMatchObject({
        results: [{ outcome: 'wrong_park', people_admitted: 0, ticket: { children: [] } }],
      });
    });
  });

  describe('validating', () => {
    test('answers what a gate may see, for the qr_code as for the signed code, by both routes', async () => {
      const expected = {
        status: 200,
        body: {
          valid: true,
          reason: null,
          ticket: {
            id: sold.ticketId,
            qr_code: sold.qrCode,
            status: 'active',
            visit_date: '2026-12-05',
            park_id: 'ala-archa',
            people: 3,
            remaining: 3,
            children: [
              { first_name: 'Aibek', age_band: '3-6' },
              { first_name: null, age_band: '0-2' },
            ],
          },
        },
      };
      for (const code of [sold.qrCode, admission.issueCode(sold)]) {
        expect(await call('gate', 'GET', `/tickets/validate/${code}`)).toMatchObject(expected);
        expect(await call('gate', 'POST', '/tickets/validate', { code })).toMatchObject(expected);
      }
    });

    test('changes nothing: a ticket can be looked at any number of times and then used', async () => {
      for (let times = 0; times < 3; times += 1) await call('gate', 'GET', `/tickets/validate/${sold.qrCode}`);
      await call('gate', 'POST', '/gate/scans', { scans: [scan({ people: 1 })] });
      expect((await call('gate', 'GET', `/tickets/validate/${sold.qrCode}`)).body).toMatchObject({
        valid: true,
        ticket: { status: 'used', remaining: 2 },
      });
      await call('gate', 'POST', '/gate/scans', { scans: [scan()] });
      expect((await call('gate', 'GET', `/tickets/validate/${sold.qrCode}`)).body).toMatchObject({
        valid: false,
        reason: 'already_used',
        ticket: { remaining: 0 },
      });
    });

    test('says 404 for what is no ticket and bad_signature for a forged code', async () => {
      expect(await call('gate', 'GET', '/tickets/validate/unknown')).toMatchObject({
        status: 404,
        body: { code: 'ticket_not_found' },
      });
      const forged = `${admission.issueCode(sold).slice(0, -4)}AAAA`;
      expect(await call('gate', 'GET', `/tickets/validate/${forged}`)).toMatchObject({
        status: 200,
        body: { valid: false, reason: 'bad_signature', ticket: null },
      });
    });

    test('the longest admission code fits into the address', async () => {
      sold = server.sell({ parkId: 'p'.repeat(50) });
      expect(await call('manager', 'GET', `/tickets/validate/${admission.issueCode(sold)}`)).toMatchObject({
        body: { valid: true },
      });
    });
  });

  describe('scanning', () => {
    test('counts a party in, in parts, and out', async () => {
      const scans = [scan({ people: 2 }), scan({ people: 2 }), scan(), scan({ direction: 'out' }), scan()];
      const { status, body } = await call('gate', 'POST', '/gate/scans', { scans });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        results: [
          {
            scan_id: scans[0]?.scan_id,
            outcome: 'admitted',
            people_admitted: 2,
            people_exited: 0,
            remaining: 1,
            repeated: false,
          },
          { outcome: 'partly_used', people_admitted: 0, remaining: 1, ticket: { status: 'used', remaining: 1 } },
          { outcome: 'admitted', people_admitted: 1, remaining: 0 },
          { outcome: 'exited', people_admitted: 0, people_exited: 3, remaining: 0 },
          { outcome: 'already_used', people_admitted: 0, remaining: 0 },
        ],
      });
    });

    test('a qr_code names the ticket to who validates it and lets nobody in', async () => {
      const byName = scan({ code: sold.qrCode });
      expect((await call('gate', 'POST', '/gate/scans', { scans: [byName] })).body).toMatchObject({
        results: [{ outcome: 'bad_signature', people_admitted: 0, ticket: null }],
      });
      const out = scan({ code: sold.qrCode, direction: 'out' });
      expect((await call('gate', 'POST', '/gate/scans', { scans: [scan(), out] })).body).toMatchObject({
        results: [{ outcome: 'admitted' }, { outcome: 'exited', people_exited: 3 }],
      });
    });

    test('a repeat answers the first result', async () => {
      const one = scan();
      const first = await call('gate', 'POST', '/gate/scans', { scans: [one] });
      const again = await call('gate', 'POST', '/gate/scans', { scans: [one] });
      const [result] = first.body['results'] as object[];
      expect(again.body).toEqual({ results: [{ ...result, repeated: true }] });
    });

    test('the limit of a gate counts scans, not calls', async () => {
      const left = async (count: number) => {
        const scans = Array.from({ length: count }, () => scan());
        const { headers } = await call('manager', 'POST', '/gate/scans', { scans });
        return Number(headers['x-ratelimit-remaining']);
      };
      const before = await left(1);
      expect(before - (await left(7))).toBe(7);
    });

    test('a gate without a name that can be read is refused and named by its place', async () => {
      const scans = [scan(), scan({ gate: 'a\u2028b' })];
      expect(await call('gate', 'POST', '/gate/scans', { scans })).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path: 'scans.1.gate' }] },
      });
    });

    test.each<[string, object]>([
      ['no scan', { scans: [] }],
      ['501 scans', { scans: Array.from({ length: 501 }, () => scan0()) }],
      ['a field that is not known', { scans: [scan0({ colour: 'red' })] }],
      ['an override without a reason', { scans: [scan0({ override: { reason: '' } })] }],
      ['a scan id that is no UUID', { scans: [scan0({ scan_id: '1' })] }],
      ['nobody', { scans: [scan0({ people: 0 })] }],
      ['half a person', { scans: [scan0({ people: 1.5 })] }],
      ['a direction that is not known', { scans: [scan0({ direction: 'up' })] }],
      ['a leap second', { scans: [scan0({ scanned_at: '2026-12-31T23:59:60Z' })] }],
      ['a local time', { scans: [scan0({ scanned_at: '2026-12-05T12:00:00' })] }],
    ])('%s is refused', async (_what, body) => {
      expect(await call('gate', 'POST', '/gate/scans', body)).toMatchObject({ status: 400 });
    });
  });
});

/** A scan that does not need a ticket, for tables made before any is sold. */
function scan0(change: object = {}) {
  return { scan_id: ids.next(), code: 'x', direction: 'in', scanned_at: NOW, gate: 'main', ...change };
}
