import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { bookingManifest } from './module.ts';
import { openOffice, type Office } from './office.suite.ts';
import { parkDaysOf } from './sales.suite.ts';

const START_MS = Date.parse('2026-12-05T06:00:00Z');
const DATE = '2026-12-08';
const NEW_DATE = '2026-12-10';
const meta = { actor: 'system', correlationId: 'test' };
const clock = createManualClock(START_MS);

/** Everybody is an admin who also buys. */
const tokens: TokenVerifier = {
  async verify(userId) {
    return { kind: 'user', userId, sessionId: 's', roles: [{ role: 'admin', parkId: null }], actor: `user:${userId}` };
  },
};

/** Parks that are closed on every day. */
const closed = new Set<string>();
/** Parks whose gates another node serves, and whether these have ended their days. */
const served = new Map<string, boolean>();
/** Days that yet another node serves. */
const elsewhere = new Set<string>();

describeWithDatabase('tickets whose gates another node serves', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let office: Office;
  let parks = 0;
  let parkId = '';
  const somebody = ids.next();

  beforeAll(async () => {
    opened = await openModuleDatabase(bookingManifest, clock);
    node = await opened.startNode();
    const outside = {
      async parkDays(id: string, date: string) {
        const day = await parkDaysOf(100)(id, date);
        return day !== null && closed.has(id) ? { ...day, hours: null } : day;
      },
      homeOf: async (id: string, date: string) =>
        served.has(id) ? (elsewhere.has(date) ? 'another' : 'park') : 'test',
      gateDayOver: async (id: string) => served.get(id) === true,
    };
    office = await openOffice(node, clock, outside, tokens);
  });
  afterAll(async () => {
    await office.server.close();
    await opened.close();
  });
  beforeEach(() => {
    clock.set(START_MS);
    closed.clear();
    served.clear();
    elsewhere.clear();
    parkId = `park-${(parks += 1)}`;
    served.set(parkId, false);
  });

  const ask = (method: 'GET' | 'POST', path: string, body?: object) =>
    office.server.ask(method, `/api/v1${path}`, { token: somebody, ...(body === undefined ? {} : { body }) });

  async function buyPaid(): Promise<string> {
    const order = { park_id: parkId, visit_date: DATE, children: [{ name: 'Zhyldyz', age: 5 }] };
    const ticketId = String((await ask('POST', '/tickets', order)).body['id']);
    await office.booking.settleTicket({ ticketId, paymentId: ids.next(), paidTyiyn: 35_000n }, meta);
    return ticketId;
  }
  const statusOf = async (ticketId: string) => (await office.booking.ticketFacts.byId(ticketId))?.status;
  const closing = (): string => `/admin/parks/${parkId}/days/${DATE}/cancel-all`;
  const cancelClosed = () => office.booking.cancelClosedDays(200, meta);
  /** A clock is believed when it was read twice. */
  const endDays = async () => {
    const job = office.booking.jobs?.find(({ name }) => name === 'end days');
    for (let reading = 0; reading < 2; reading += 1)
      await job?.run({ limit: 100, meta, stopping: new AbortController().signal });
  };

  /** The gates of a park say that all of a ticket have come in. */
  const letIn = (ticketId: string, atPark: string) =>
    node.store.append({
      streams: [
        {
          streamId: ids.next(),
          aggregateType: 'Admission',
          expected: 'none',
          events: [
            {
              id: ids.next(),
              type: 'PeopleAdmitted',
              schemaVersion: 2,
              data: { ticketId, parkId: atPark, remaining: 0, scannedAtMs: clock.now() },
            },
          ],
        },
      ],
      context: { actor: 'device:test', correlationId: 'test', parkId: atPark, occurredAtMs: clock.now() },
    });

  test('are asked about once when their day is closed, and count as waiting until their gates answer', async () => {
    for (let bought = 0; bought < 3; bought += 1) await buyPaid();
    closed.add(parkId);
    expect((await ask('POST', closing(), { reason: 'Storm' })).status).toBe(202);
    expect(await cancelClosed()).toBe(3);
    const told = await node.store.headPosition();
    expect([await cancelClosed(), await node.store.headPosition()]).toEqual([0, told]);
    expect((await ask('GET', closing())).body).toMatchObject({ tickets: 3, cancelled: 0, waiting: 3 });
  });

  test('wait for the answer also once their gates have ended the day', async () => {
    const [asked, unused] = [await buyPaid(), await buyPaid()];
    expect((await ask('POST', `/admin/tickets/${asked}/cancel`, { reason: 'Ill' })).status).toBe(200);
    clock.advance(4 * 86_400_000);
    const both = async () => [await statusOf(asked), await statusOf(unused)];
    await endDays();
    expect(await both()).toEqual(['active', 'active']);
    served.set(parkId, true);
    await endDays();
    expect(await both()).toEqual(['active', 'expired']);
  });

  test('wait for the answer also once somebody has come in, until it is there', async () => {
    const [used, late] = [await buyPaid(), await buyPaid()];
    for (const ticketId of [used, late]) {
      const body = { reason: 'Ill', override: true };
      expect((await ask('POST', `/admin/tickets/${ticketId}/cancel`, body)).status).toBe(200);
    }
    await letIn(used, parkId);
    expect([await statusOf(used), await statusOf(late)]).toEqual(['used', 'active']);
    const asked = await office.booking.openQuestions(parkId);
    expect(asked.map(({ ticketId, why }) => ({ ticketId, why }))).toEqual([
      { ticketId: used, why: 'override' },
      { ticketId: late, why: 'override' },
    ]);
    for (const { ticketId, voidId } of asked) await office.booking.finishVoid({ ticketId, voidId, denied: null }, meta);
    expect([await statusOf(used), await statusOf(late)]).toEqual(['cancelled', 'cancelled']);
    expect(await office.booking.openQuestions(parkId)).toEqual([]);
  });

  test('show what a moved ticket waits for, until the gates of its old day have answered', async () => {
    const [left, undone] = [await buyPaid(), await buyPaid()];
    const [before, after] = [await buyPaid(), await buyPaid()];
    for (const ticketId of [left, undone, before]) {
      const { body } = await ask('POST', `/tickets/${ticketId}/move`, { visit_date: NEW_DATE });
      expect(body).toMatchObject({ visit_date: NEW_DATE, leaving: { visit_date: DATE, refund: '0.00' } });
    }
    const questions = await office.booking.openQuestions(parkId);
    const about = questions.map(({ ticketId, visitDate, why }) => ({ ticketId, visitDate, why }));
    expect(about).toEqual([left, undone, before].map((ticketId) => ({ ticketId, visitDate: DATE, why: 'moved' })));
    const voidIdOf = (ticketId: string) => questions.find((one) => one.ticketId === ticketId)?.voidId ?? '';
    await office.booking.finishVoid({ ticketId: left, voidId: voidIdOf(left), denied: null }, meta);
    await office.booking.finishVoid({ ticketId: undone, voidId: voidIdOf(undone), denied: { entered: 1 } }, meta);
    const shown = async (ticketId: string) => (await ask('GET', `/tickets/${ticketId}`)).body;
    expect(await shown(left)).toMatchObject({ visit_date: NEW_DATE, moved_from: DATE, leaving: null });
    expect(await shown(undone)).toMatchObject({
      visit_date: DATE,
      moved_from: NEW_DATE,
      leaving: null,
      paid: '350.00',
    });
    expect(await shown(after)).toMatchObject({ visit_date: DATE, leaving: null });
    clock.advance(8 * 86_400_000);
    served.set(parkId, true);
    await endDays();
    expect(await Promise.all([left, undone, before].map(statusOf))).toEqual(['expired', 'expired', 'active']);
    const rows = await opened.rows();
    await opened.replay(1, await node.store.headPosition());
    expect(await opened.rows()).toEqual(rows);
    for (const batch of [1, 100_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(rows);
    }
  });

  test('and by which another park says that it let somebody in are not used', async () => {
    const shown = async (ticketId: string) => (await ask('GET', `/tickets/${ticketId}`)).body;
    const ticketId = await buyPaid();
    await letIn(ticketId, 'another-park');
    expect(await shown(ticketId)).toMatchObject({ status: 'active', used_at: null, remaining: 1 });
    await letIn(ticketId, parkId);
    expect(await shown(ticketId)).toMatchObject({ status: 'used', remaining: 0 });
    const rows = await opened.rows();
    for (const batch of [1, 100_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(rows);
    }
  });

  test('of two other nodes are nothing that a ticket moves between', async () => {
    const ticketId = await buyPaid();
    elsewhere.add(NEW_DATE);
    expect(await ask('POST', `/tickets/${ticketId}/move`, { visit_date: NEW_DATE })).toMatchObject({
      status: 409,
      body: { code: 'ticket_not_movable' },
    });
  });
});
