import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import type { AdmissionModule } from '../module.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

describeWithDatabase('the outcome of a scan', () => {
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

  test('a full park is the last reason, and a manager may let people in who says why', async () => {
    const other = server.sell({ partySize: 1 });
    await call('gate', 'POST', '/gate/scans', { scans: [scan({ code: admission.issueCode(other) })] });
    server.park.capacity = 1;
    const [alone, insisting] = [scan(), scan({ override: { reason: 'Their bus leaves from inside' } })];
    expect((await call('gate', 'POST', '/tickets/validate', { code: alone.code })).body).toMatchObject({
      valid: false,
      reason: 'park_full',
      ticket: { remaining: 3 },
    });
    expect((await call('gate', 'POST', '/gate/scans', { scans: [alone] })).body).toMatchObject({
      results: [{ outcome: 'park_full', people_admitted: 0, remaining: 3, ticket: { status: 'active' } }],
    });
    expect(await call('gate', 'POST', '/gate/scans', { scans: [insisting] })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect((await call('manager', 'POST', '/gate/scans', { scans: [insisting] })).body).toMatchObject({
      results: [{ outcome: 'admitted', people_admitted: 3, repeated: false }],
    });
    expect((await call('gate', 'POST', '/tickets/validate', { code: alone.code })).body).toMatchObject({
      reason: 'already_used',
    });
  });

  test.each<[string, Partial<GateTicketFacts>]>([
    ['cancelled', { status: 'cancelled' }],
    ['cancelled', { status: 'refunded' }],
    ['expired', { status: 'expired' }],
    ['wrong_date', { validFromMs: Date.parse(NOW) + 1 }],
    ['wrong_park', { parkId: 'osh' }],
  ])('answers %s for %j', async (outcome, change) => {
    sold = server.sell(change);
    expect((await call('gate', 'POST', '/gate/scans', { scans: [scan()] })).body).toMatchObject({
      results: [{ outcome, people_admitted: 0, ticket: { id: sold.ticketId } }],
    });
  });

  test('answers revoked for the code of before the ticket was moved, unknown for no ticket, bad_signature for a forgery', async () => {
    sold = server.sell({ movedFrom: '2026-12-04' });
    const old = admission.issueCode({ ...sold, visitDate: '2026-12-04' });
    const none = admission.issueCode({ ...sold, ticketId: ids.next() });
    const scans = [scan({ code: old }), scan({ code: none }), scan({ code: `${old.slice(0, -4)}AAAA` })];
    expect((await call('gate', 'POST', '/gate/scans', { scans })).body).toMatchObject({
      results: [{ outcome: 'revoked' }, { outcome: 'unknown' }, { outcome: 'bad_signature' }],
    });
  });

  describe('at a node that has not heard all of the ticket goes by its code', () => {
    const NEW_DAY = { visitDate: '2026-12-05', validFromMs: Date.parse('2026-12-05T03:00:00Z') };
    const OLD_DAY = { visitDate: '2026-12-01', validFromMs: Date.parse('2026-12-01T03:00:00Z') };
    const letIn = { outcome: 'admitted', people_admitted: 3, known_here: false };

    test.each<[string, Partial<GateTicketFacts>]>([
      ['paid', { status: 'pending_payment', isPaid: false }],
      ['paid after its hold had ended', { status: 'expired', isPaid: false }],
      ['moved', { ...OLD_DAY, validUntilMs: Date.parse('2026-12-01T14:30:00Z') }],
    ])('which was %s meanwhile', async (_what, change) => {
      sold = server.sell(change);
      const code = admission.issueCode({ ...sold, ...NEW_DAY, validUntilMs: Date.parse('2026-12-05T14:30:00Z') });
      const { body } = await call('gate', 'POST', '/tickets/validate', { code });
      expect(body).toMatchObject({ valid: true, reason: null, ticket: { visit_date: '2026-12-05', status: 'active' } });
      expect(
        (await call('gate', 'POST', '/gate/scans', { scans: [scan({ code }), scan({ code })] })).body,
      ).toMatchObject({
        results: [
          { ...letIn, ticket: { visit_date: '2026-12-05', status: 'used' } },
          { outcome: 'already_used', people_admitted: 0 },
        ],
      });
    });

    test('but not by what its qr_code says of it: nobody goes by that', async () => {
      sold = server.sell({ status: 'pending_payment', isPaid: false });
      expect((await call('gate', 'POST', '/tickets/validate', { code: sold.qrCode ?? '' })).body).toMatchObject({
        valid: false,
        reason: 'not_paid',
      });
    });
  });
});
