import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { startFixture, fixtureInfo } from '../../infrastructure/http/http-fixture.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { JsonObject } from '../../kernel/event-store.ts';
import type { RoleAtPark } from '../../infrastructure/http/access.ts';
import { reportRoutes } from './http/reports.ts';
import { officeManifest } from './module.ts';
import { createReports } from './persistence/reports.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const at = (time: string): number => Date.parse(time);
const PARK = 'ala-archa';

const ROLES: Readonly<Record<string, readonly RoleAtPark[]>> = {
  admin: [{ role: 'admin', parkId: null }],
  manager: [{ role: 'manager', parkId: PARK }],
  gate: [{ role: 'gate', parkId: PARK }],
};

describeWithDatabase('reports', () => {
  let opened: ModuleDatabase;
  let node: TestNode;

  beforeAll(async () => {
    opened = await openModuleDatabase(officeManifest, clock);
    node = await opened.startNode();
    await tellADay();
  });
  afterAll(() => opened.close());

  async function happened(streamId: string, type: string, data: JsonObject): Promise<void> {
    await node.store.append({
      streams: [
        {
          streamId,
          aggregateType: 'Thing',
          expected: 'any',
          events: [{ id: ids.next(), type, schemaVersion: 1, data }],
        },
      ],
      context: { actor: 'system', correlationId: 'c', occurredAtMs: clock.now() },
    });
  }

  /** Three tickets of one day: one used, one cancelled, one whose hold ended; one second charge; points. */
  async function tellADay(): Promise<void> {
    const place = { parkId: PARK, visitDate: '2026-12-08', places: 2 };
    const passage = { parkId: PARK, visitDate: '2026-12-08', places: [1, 2] };
    const evening = at('2026-12-05T17:59:00Z');
    const nextDay = at('2026-12-05T18:00:00Z');
    const [used, cancelled, lapsed, payment, second] = [ids.next(), ids.next(), ids.next(), ids.next(), ids.next()];
    for (const ticketId of [used, cancelled, lapsed]) {
      await happened(ticketId, 'TicketHeld', { ticketId, ...place, priceTyiyn: '70000', createdAtMs: evening });
    }
    for (const [paymentId, ticketId, method] of [
      [payment, used, 'elqr'],
      [second, cancelled, 'elcard'],
    ] as const) {
      await happened(paymentId, 'PaymentIntended', { paymentId, ticketId, method });
      const paid = { paymentId, ticketId, amountTyiyn: '70000', currency: 'KGS', succeededAtMs: nextDay };
      await happened(paymentId, 'PaymentSucceeded', paid);
      await happened(ticketId, 'TicketActivated', { ticketId, ...place, paidTyiyn: '70000', activatedAtMs: nextDay });
    }
    const misfit = { paymentId: payment, ticketId: used, amountTyiyn: '100', currency: 'KGS', noticedAtMs: nextDay };
    await happened(payment, 'PaymentMismatched', { ...misfit, why: 'second_charge' });
    await happened(payment, 'PaymentMismatched', { ...misfit, why: 'told_differently' });
    await happened(lapsed, 'TicketHoldExpired', { ticketId: lapsed, ...place, atMs: nextDay });
    const money = { paidTyiyn: '70000', freedFrom: 'sold' };
    await happened(cancelled, 'TicketCancelled', { ticketId: cancelled, ...place, ...money, cancelledAtMs: nextDay });
    const refund = { paymentId: second, ticketId: cancelled, refundId: ids.next(), amountTyiyn: '70000' };
    await happened(second, 'RefundSucceeded', { ...refund, succeededAtMs: nextDay });
    const scans = [
      ['PeopleAdmitted', 1, '2026-12-08T04:10:00Z'],
      ['PeopleAdmitted', 1, '2026-12-08T04:20:00Z'],
      ['PeopleExited', 1, '2026-12-08T04:50:00Z'],
      ['PeopleExited', 1, '2026-12-08T06:00:00Z'],
    ] as const;
    for (const [type, people, time] of scans) {
      await happened(ids.next(), type, { ticketId: used, ...passage, people, scannedAtMs: at(time) });
    }
    const points = { userId: ids.next(), ticketId: used, points: 70 };
    await happened(ids.next(), 'PointsEarned', { ...points, earnedAtMs: at('2026-12-08T04:10:00Z') });
    await happened(ids.next(), 'PointsLapsed', {
      userId: points.userId,
      points: 5,
      lapsedAtMs: at('2026-12-08T04:10:00Z'),
    });
  }

  const scope = { from: '2026-12-05', to: '2026-12-08', parkId: PARK };
  const reports = () => createReports(node.database);

  test('sales are counted on the day on which they happened in Bishkek, where midnight is at 18:00', async () => {
    const none = { ticketsBooked: 0, holdsExpired: 0, ticketsSold: 0, peopleSold: 0, ticketsCancelled: 0 };
    expect(await reports().sales(scope)).toEqual([
      { day: '2026-12-05', parkId: PARK, ...none, ticketsBooked: 3, revenueTyiyn: 0n, cancelledTyiyn: 0n },
      {
        day: '2026-12-06',
        parkId: PARK,
        ...none,
        holdsExpired: 1,
        ticketsSold: 2,
        peopleSold: 4,
        revenueTyiyn: 140_000n,
        ticketsCancelled: 1,
        cancelledTyiyn: 70_000n,
      },
    ]);
  });

  test('admissions are those of the day of the visit', async () => {
    const none = { peopleInExcess: 0, peopleOverLimit: 0, noShows: 0 };
    expect(await reports().admissions(scope)).toEqual([
      { day: '2026-12-08', parkId: PARK, scans: 4, peopleAdmitted: 2, peopleExited: 2, ...none },
    ]);
  });

  test('people in excess and over the limit are counted apart, a scan once, and they fill the park', async () => {
    const passage = { ticketId: ids.next(), parkId: PARK, visitDate: '2026-12-09' };
    const tell = (type: string, people: number, time: string, more: JsonObject = {}) =>
      happened(ids.next(), type, { ...passage, people, scannedAtMs: at(time), ...more });
    await tell('PeopleAdmitted', 3, '2026-12-09T04:10:00Z');
    // The first scan was good for one of three, the second for nobody.
    await tell('PeopleAdmitted', 1, '2026-12-09T04:20:00Z');
    await tell('PeopleAdmittedInExcess', 2, '2026-12-09T04:20:00Z', { cameIn: 3 });
    await tell('PeopleAdmittedInExcess', 4, '2026-12-09T04:30:00Z', { cameIn: 4 });
    await tell('EntryLimitExceeded', 4, '2026-12-09T04:30:00Z');
    const { ticketId, parkId, visitDate } = passage;
    await happened(ids.next(), 'EntryLimitOverridden', { ticketId, parkId, visitDate, people: 1 });
    await tell('PeopleExited', 10, '2026-12-09T05:00:00Z');
    const ofDay = { ...scope, from: '2026-12-09', to: '2026-12-09' };
    const day = { day: '2026-12-09', parkId: PARK };
    expect(await reports().admissions(ofDay)).toEqual([
      { ...day, scans: 4, peopleAdmitted: 4, peopleInExcess: 6, peopleOverLimit: 5, peopleExited: 10, noShows: 0 },
    ]);
    expect(await reports().occupancy(ofDay)).toEqual([
      { ...day, hour: 10, entered: 10, left: 0, inside: 10, peak: 10 },
      { ...day, hour: 11, entered: 0, left: 10, inside: 0, peak: 0 },
    ]);
  });

  test('an hour shows who came and went, who was inside at its end and the most at once', async () => {
    expect(await reports().occupancy(scope)).toEqual([
      { day: '2026-12-08', parkId: PARK, hour: 10, entered: 2, left: 1, inside: 1, peak: 2 },
      { day: '2026-12-08', parkId: PARK, hour: 12, entered: 0, left: 1, inside: 0, peak: 0 },
    ]);
  });

  test('money is told by the way it was paid; what fitted no payment is told apart, and told twice counts once', async () => {
    const day = { day: '2026-12-06', parkId: PARK };
    expect(await reports().payments(scope)).toEqual([
      {
        ...day,
        method: 'elcard',
        payments: 1,
        paidTyiyn: 70_000n,
        refunds: 1,
        refundedTyiyn: 70_000n,
        misfitTyiyn: 0n,
      },
      { ...day, method: 'elqr', payments: 1, paidTyiyn: 70_000n, refunds: 0, refundedTyiyn: 0n, misfitTyiyn: 100n },
    ]);
  });

  test('points that lapsed belong to no park', async () => {
    const none = { reserved: 0, returned: 0, reversed: 0 };
    expect(await reports().loyalty(scope)).toEqual([{ day: '2026-12-08', earned: 70, ...none, lapsed: 0 }]);
    expect(await reports().loyalty({ ...scope, parkId: null })).toEqual([
      { day: '2026-12-08', earned: 70, ...none, lapsed: 5 },
    ]);
  });

  test('another park and other days have no lines', async () => {
    expect(await reports().sales({ ...scope, parkId: 'asanbay' })).toEqual([]);
    expect(await reports().sales({ ...scope, from: '2026-12-07' })).toEqual([]);
  });

  describe('over HTTP', () => {
    async function ask(report: string, query: string, token = 'admin', accept = '*/*') {
      const { app } = await startFixture({
        routes: reportRoutes(reports()),
        tokens: {
          verify: async (name) => ({
            kind: 'user',
            userId: ids.next(),
            sessionId: name,
            roles: ROLES[name] ?? [],
            actor: `user:${name}`,
          }),
        },
        clock,
        ids,
        info: { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'office', description: 'Office' }] },
      });
      const headers = { authorization: `Bearer ${token}`, accept };
      const answer = await app.inject({ method: 'GET', url: `/api/v1/admin/reports/${report}?${query}`, headers });
      await app.close();
      return answer;
    }
    const days = 'from=2026-12-05&to=2026-12-08';

    test('a report is lines in JSON', async () => {
      const answer = await ask('payments', days);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ items: [{ method: 'elcard', paid: '700.00' }, { misfit: '1.00' }] });
    });

    test('or the same lines as a table, a file by its name', async () => {
      const answer = await ask('payments', days, 'admin', 'text/csv');
      expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(answer.headers['content-disposition']).toContain('payments-2026-12-05-2026-12-08.csv');
      expect(answer.body.split('\r\n')).toEqual([
        '\uFEFFdate,park_id,method,payments,paid,refunds,refunded,misfit',
        '2026-12-06,ala-archa,elcard,1,700.00,1,700.00,0.00',
        '2026-12-06,ala-archa,elqr,1,700.00,0,0.00,1.00',
        '',
      ]);
    });

    test.each(['sales', 'admissions', 'occupancy', 'payments', 'loyalty'])(
      '%s: managers see their own park only',
      async (report) => {
        expect((await ask(report, `${days}&park_id=${PARK}`, 'manager')).statusCode).toBe(200);
        expect((await ask(report, `${days}&park_id=asanbay`, 'manager')).statusCode).toBe(403);
        expect((await ask(report, days, 'manager')).statusCode).toBe(403);
        expect((await ask(report, `${days}&park_id=${PARK}`, 'gate')).statusCode).toBe(403);
      },
    );

    test.each([
      'from=2026-12-08&to=2026-12-05',
      'from=2026-01-01&to=2026-12-31',
      'from=2026-02-30&to=2026-03-01',
      'from=2026-12-05',
    ])('%s is no span to report', async (query) => {
      expect((await ask('sales', query)).statusCode).toBe(400);
    });
  });

  test('rebuilt in ranges of any size it is the same rows', async () => {
    const live = await opened.rows();
    expect(live['office.report_facts']?.length).toBeGreaterThan(10);
    for (const batch of [1, 4, 10_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(live);
    }
  });
});
