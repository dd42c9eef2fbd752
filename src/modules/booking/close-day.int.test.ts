import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { Role, TokenVerifier } from '../../infrastructure/http/access.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { step } from '../../kernel/command-runner.ts';
import type { Decider, DomainEvent } from '../../kernel/decider.ts';
import { ok, refuse } from '../../kernel/result.ts';
import { capacityAccount } from './domain/capacity.ts';
import { bookingManifest } from './module.ts';
import { openOffice, type Office } from './office.suite.ts';
import { parkDaysOf } from './sales.suite.ts';

const START_MS = Date.parse('2026-12-05T06:00:00Z');
const DATE = '2026-12-08';
const QUOTA = 100;
const PRICE_TYIYN = 35_000n;
const meta = { actor: 'system', correlationId: 'test' };
const clock = createManualClock(START_MS);

/** Tickets that somebody came in with, and the moment at which the process dies: after so many cancellations. */
const admitted = new Set<string>();
let cancellationsLeft = Infinity;

/** Gates as they answer a cancellation; they remember nothing. */
const gates: Decider<string, null, DomainEvent, { readonly code: 'already_admitted'; readonly entered: number }> = {
  aggregateType: 'Test',
  initial: null,
  decide: (ticketId) => (admitted.has(ticketId) ? refuse({ code: 'already_admitted', entered: 1 }) : ok([])),
  evolve: (state) => state,
};

/** The token says who somebody is and where: `guest/<id>`, `manager/<park>`, `admin`. */
const tokens: TokenVerifier = {
  async verify(token) {
    const [role = '', of = ''] = token.split('/');
    const userId = role === 'guest' ? of : ids.derive(token);
    const parkId = role === 'manager' ? of : null;
    return { kind: 'user', userId, sessionId: 's', roles: [{ role: role as Role, parkId }], actor: `user:${userId}` };
  },
};

/** Parks that are closed on every day. */
const closed = new Set<string>();

describeWithDatabase('the end of a sold day', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let here: Office;
  let there: Office;
  let parks = 0;
  let parkId = '';
  const open = (on: TestNode): Promise<Office> =>
    openOffice(
      on,
      clock,
      {
        async parkDays(id, date) {
          const day = await parkDaysOf(QUOTA)(id, date);
          return day !== null && closed.has(id) ? { ...day, hours: null } : day;
        },
        async voidAdmission({ ticketId }) {
          cancellationsLeft -= 1;
          if (cancellationsLeft < 0) throw new Error('the process died');
          return [step(gates, ids.derive(`gates of ${ticketId}`), ticketId)];
        },
      },
      tokens,
    );

  beforeAll(async () => {
    opened = await openModuleDatabase(bookingManifest, clock);
    node = await opened.startNode();
    here = await open(node);
    there = await open(await opened.startNode());
  });
  afterAll(async () => {
    await here.server.close();
    await there.server.close();
    await opened.close();
  });
  beforeEach(() => {
    clock.set(START_MS);
    admitted.clear();
    closed.clear();
    cancellationsLeft = Infinity;
    parkId = `park-${(parks += 1)}`;
  });

  async function buy(): Promise<{ readonly ticketId: string; readonly guest: string }> {
    const guest = ids.next();
    const body = { park_id: parkId, visit_date: DATE, children: [{ name: 'Zhyldyz', age: 5 }] };
    const sold = await here.server.ask('POST', '/api/v1/tickets', { token: `guest/${guest}`, body });
    expect(sold.status).toBe(201);
    return { ticketId: String(sold.body['id']), guest };
  }
  const pay = (ticketId: string) =>
    here.booking.settleTicket({ ticketId, paymentId: ids.next(), paidTyiyn: PRICE_TYIYN }, meta);
  async function buyPaid() {
    const sold = await buy();
    await pay(sold.ticketId);
    return sold;
  }
  const many = <Made>(count: number, make: () => Promise<Made>) => Promise.all(Array.from({ length: count }, make));

  const path = (park = parkId, date = DATE) => `/api/v1/admin/parks/${park}/days/${date}/cancel-all`;
  const start = (token = `manager/${parkId}`, body: unknown = { reason: 'Storm' }) =>
    here.server.ask('POST', path(), { token, body });
  const progress = async () => (await there.server.ask('GET', path(), { token: 'admin' })).body;
  const work = (office = here, limit = 200) => office.booking.cancelClosedDays(limit, meta);
  const ticketOf = async ({ ticketId, guest }: { readonly ticketId: string; readonly guest: string }) =>
    (await here.server.ask('GET', `/api/v1/tickets/${ticketId}`, { token: `guest/${guest}` })).body;
  const places = () =>
    node.store.balances((['free', 'held', 'sold'] as const).map((bucket) => capacityAccount(parkId, DATE, bucket)));

  test('needs a day that the calendar has closed', async () => {
    expect(await start()).toMatchObject({ status: 409, body: { code: 'day_not_closed' } });
    expect(await here.server.ask('GET', path(), { token: 'admin' })).toMatchObject({
      status: 404,
      body: { code: 'day_closing_not_found' },
    });
  });

  test('cancels unpaid and paid tickets, frees their places and tells their guests why; told twice it does nothing', async () => {
    const [unpaid, paid] = [await buy(), await buyPaid()];
    closed.add(parkId);
    expect(await start()).toMatchObject({
      status: 202,
      body: { park_id: parkId, date: DATE, reason: 'Storm', tickets: 2, cancelled: 0, waiting: 2, done: false },
    });
    await work();
    await work(there);
    expect((await start('admin', { reason: 'Another' })).body).toMatchObject({ reason: 'Storm', cancelled: 2 });
    const cancelled = { by: 'day_closed', reason: 'Storm' };
    expect(await ticketOf(unpaid)).toMatchObject({ status: 'cancelled', cancelled });
    expect(await ticketOf(paid)).toMatchObject({ status: 'cancelled', cancelled, admission_code: null });
    expect(await places()).toEqual([QUOTA, 0, 0]);
  });

  test('is done when all money is out', async () => {
    const { ticketId } = await buy();
    const paymentId = ids.next();
    await here.booking.settleTicket({ ticketId, paymentId, paidTyiyn: PRICE_TYIYN }, meta);
    closed.add(parkId);
    await start();
    await work();
    expect(await progress()).toMatchObject({ tickets: 1, cancelled: 1, refunded: 0, waiting: 0, done: false });
    await here.booking.markRefunded({ ticketId, paymentId, refundId: ids.next() }, meta);
    expect(await progress()).toMatchObject({ tickets: 1, cancelled: 1, refunded: 1, waiting: 0, done: true });
  });

  test('leaves a ticket that somebody came in with, and cancels all others', async () => {
    const [first, second] = [await buyPaid(), await buyPaid()];
    closed.add(parkId);
    admitted.add(first.ticketId);
    await start();
    await work(here, 1);
    expect(await ticketOf(first)).toMatchObject({ status: 'active' });
    expect(await ticketOf(second)).toMatchObject({ status: 'cancelled' });
  });

  test('goes on after a crash in the middle, by whichever process', async () => {
    await many(12, buyPaid);
    closed.add(parkId);
    await start();
    cancellationsLeft = 5;
    await expect(work(here, 4)).rejects.toThrow('could not be cancelled');
    expect(await progress()).toMatchObject({ tickets: 12, cancelled: 5, waiting: 7 });
    cancellationsLeft = Infinity;
    await work(there, 4);
    expect(await progress()).toMatchObject({ tickets: 12, cancelled: 12, waiting: 0 });
    expect(await places()).toEqual([QUOTA, 0, 0]);
  });

  test('by two processes at once cancels every ticket once', async () => {
    await many(20, buyPaid);
    closed.add(parkId);
    await start();
    await Promise.all([work(here, 3), work(there, 7)]);
    expect(await progress()).toMatchObject({ tickets: 20, cancelled: 20, waiting: 0 });
    expect(await places()).toEqual([QUOTA, 0, 0]);
  });

  test('sends back money that comes late for a day that was closed meanwhile', async () => {
    const { ticketId } = await buy();
    clock.advance(15 * 60_000);
    closed.add(parkId);
    await start();
    await work();
    expect((await pay(ticketId)).ok).toBe(false);
  });

  test('catches a ticket that is paid for between the closing and its cancellation', async () => {
    const { ticketId, guest } = await buy();
    closed.add(parkId);
    await start();
    expect((await pay(ticketId)).ok).toBe(true);
    await work(there);
    expect(await ticketOf({ ticketId, guest })).toMatchObject({ status: 'cancelled', paid: '350.00' });
  });

  test('and sales at once in two processes: no ticket of the closed day stays valid, and no place of it taken', async () => {
    const sell = async (office: Office): Promise<string | null> => {
      const body = { park_id: parkId, visit_date: DATE, children: [{ name: 'Zhyldyz', age: 5 }] };
      const token = `guest/${ids.next()}`;
      const sold = await office.server.ask('POST', '/api/v1/tickets', { token, body });
      if (sold.status !== 201) return null;
      const ticketId = String(sold.body['id']);
      await office.booking.settleTicket({ ticketId, paymentId: ids.next(), paidTyiyn: PRICE_TYIYN }, meta);
      return ticketId;
    };
    const close = async () => {
      closed.add(parkId);
      expect((await start()).status).toBe(202);
      await work(there);
    };
    await buyPaid();
    const sales = Array.from({ length: 12 }, (_, index) => sell(index % 2 === 0 ? here : there));
    const [sold] = await Promise.all([Promise.all(sales), close()]);
    await work();
    for (const ticketId of sold) {
      const facts = ticketId === null ? null : await here.booking.ticketFacts.byId(ticketId);
      expect(['cancelled', undefined]).toContain(facts?.status);
    }
    expect(await places()).toEqual([QUOTA, 0, 0]);
  });

  test('leaves the day alone once it is open again', async () => {
    closed.add(parkId);
    await start();
    closed.delete(parkId);
    const sold = await buyPaid();
    await work();
    expect(await ticketOf(sold)).toMatchObject({ status: 'active' });
  });

  describe('is refused', () => {
    test('to the manager of another park and to guests', async () => {
      closed.add(parkId);
      expect((await start('manager/other')).status).toBe(403);
      expect((await start(`guest/${ids.next()}`)).status).toBe(403);
      expect((await here.server.ask('GET', path(), { token: 'manager/other' })).status).toBe(403);
    });

    test('with what is no reason or no day', async () => {
      for (const body of [{}, { reason: '' }, { reason: 'x'.repeat(501) }, { reason: 7 }, { reason: 'a', more: 1 }]) {
        expect((await start('admin', body)).status).toBe(400);
      }
      const body = { reason: 'Storm' };
      expect((await here.server.ask('POST', path(parkId, '2026-02-30'), { token: 'admin', body })).status).toBe(400);
    });
  });

  test('is told the same by a rebuilt read model', async () => {
    const live = await opened.rows();
    await opened.rebuild(7);
    expect(await opened.rows()).toEqual(live);
  });
});
