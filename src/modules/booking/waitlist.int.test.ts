import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { bookingManifest } from './module.ts';
import { openOffice, vault, type Office } from './office.suite.ts';
import { parkDaysOf } from './sales.suite.ts';

const START_MS = Date.parse('2026-12-05T06:00:00Z');
const clock = createManualClock(START_MS);
const DATE = '2026-12-08';
const QUOTA = 4;
const meta = { actor: 'system', correlationId: 'test' };
const HALF_AN_HOUR_MS = 30 * 60_000;

type Entry = { id: string; status: string; ahead: number; ticket_id: string | null; offered_until: string | null };

describeWithDatabase('the waiting list', () => {
  let opened: ModuleDatabase;
  let here: Office;
  let there: Office;
  let parks = 0;
  let parkId = '';
  beforeAll(async () => {
    opened = await openModuleDatabase(bookingManifest, clock);
    here = await openOffice(await opened.startNode(), clock, { parkDays: parkDaysOf(QUOTA) });
    there = await openOffice(await opened.startNode(), clock, { parkDays: parkDaysOf(QUOTA) });
  });
  afterAll(async () => {
    await here.server.close();
    await there.server.close();
    await opened.close();
  });
  beforeEach(() => {
    // News of the queue are a second old at most.
    clock.advance(2000);
    parkId = `park-${(parks += 1)}`;
  });

  const party = (people: number) => ({
    park_id: parkId,
    visit_date: DATE,
    children: Array.from({ length: people }, (_, index) => ({ name: `Zhyldyz ${index}`, age: 5 })),
  });
  const buy = (people: number, guest = ids.next(), office = here) =>
    office.server.ask('POST', '/api/v1/tickets', { token: guest, body: party(people) });
  const join = (people: number, token = ids.next(), office = here, key = ids.next()) =>
    office.server.ask('POST', '/api/v1/waitlist', { token, body: party(people), headers: { 'idempotency-key': key } });

  /** Sells the day out to guests with one child each. */
  async function fill(): Promise<readonly { ticketId: string; guest: string }[]> {
    const sold: { ticketId: string; guest: string }[] = [];
    for (let index = 0; index < QUOTA; index += 1) {
      const guest = ids.next();
      const ticketId = String((await buy(1, guest)).body['id']);
      await here.booking.settleTicket({ ticketId, paymentId: ids.next(), paidTyiyn: 35_000n }, meta);
      sold.push({ ticketId, guest });
    }
    return sold;
  }
  const cancel = ({ ticketId, guest }: { ticketId: string; guest: string }) =>
    here.server.ask('POST', `/api/v1/tickets/${ticketId}/cancel`, { token: guest, body: {} });

  test('joining again after a lost answer finds the first entry, though there are places by now', async () => {
    const [sold, guest, key] = [await fill(), ids.next(), ids.next()];
    const { id } = (await join(2, guest, here, key)).body;
    await Promise.all(sold.map(cancel));
    // The other process knows nothing of the first answer.
    expect((await join(2, ids.next(), there)).body['code']).toBe('places_available');
    expect(await join(2, guest, there, key)).toMatchObject({ status: 201, body: { id } });
    await here.server.ask('DELETE', `/api/v1/waitlist/${String(id)}`, { token: guest });
  });

  async function waiting(people: number): Promise<{ guest: string; id: string }> {
    const guest = ids.next();
    const joined = await join(people, guest);
    expect(joined.status).toBe(201);
    return { guest, id: String(joined.body['id']) };
  }
  const entryOf = async ({ guest, id }: { guest: string; id: string }): Promise<Entry> =>
    (await here.server.ask('GET', `/api/v1/waitlist/${id}`, { token: guest })).body as unknown as Entry;
  const offer = async (office = here) => office.booking.offerPlaces(meta);

  test('is for days that are full for the party; whoever would find places is told to buy them', async () => {
    expect(await join(1)).toMatchObject({ status: 409, body: { code: 'places_available', remaining: QUOTA } });
    await buy(2);
    expect(await join(2)).toMatchObject({ status: 409, body: { code: 'places_available' } });
    expect(await join(3)).toMatchObject({ status: 201, body: { status: 'waiting', ahead: 0, people: 3 } });
  });

  test('of a party that will never fit keeps nobody else from a day that nobody has bought for', async () => {
    const large = await waiting(QUOTA + 1);
    clock.advance(2000);
    expect(await offer()).toBe(0);
    expect((await buy(1)).status).toBe(201);
    expect((await entryOf(large)).status).toBe('waiting');
  });

  test('does not stand between a guest and the ticket that the same command made before', async () => {
    const guest = ids.next();
    const ask = () =>
      here.server.ask('POST', '/api/v1/tickets', {
        token: guest,
        body: party(QUOTA),
        headers: { 'idempotency-key': guest },
      });
    const first = await ask();
    await waiting(1);
    clock.advance(60_000);
    expect((await ask()).body['id']).toBe(first.body['id']);
  });

  test('takes a guest once for a day, and again after leaving', async () => {
    await fill();
    const first = await waiting(1);
    expect(await join(1, first.guest)).toMatchObject({ status: 409, body: { code: 'already_waiting' } });
    const left = await here.server.ask('DELETE', `/api/v1/waitlist/${first.id}`, { token: first.guest });
    expect(left.status).toBe(204);
    expect((await entryOf(first)).status).toBe('left');
    expect((await join(1, first.guest)).status).toBe(201);
  });

  describe('places that come free', () => {
    test('are offered in the order parties joined, as a ticket that holds them for half an hour', async () => {
      const [sold] = await fill();
      const [first, second] = [await waiting(1), await waiting(1)];
      expect((await entryOf(second)).ahead).toBe(1);
      expect(await offer()).toBe(0);
      if (sold !== undefined) await cancel(sold);
      expect(await offer()).toBe(1);
      const offered = await entryOf(first);
      expect(offered.status).toBe('offered');
      expect(Date.parse(offered.offered_until ?? '')).toBe(clock.now() + HALF_AN_HOUR_MS);
      expect(await entryOf(second)).toMatchObject({ status: 'waiting', ahead: 0 });
      const ticket = await here.server.ask('POST', `/api/v1/waitlist/${first.id}/accept`, { token: first.guest });
      expect(ticket).toMatchObject({
        status: 200,
        body: { id: offered.ticket_id, status: 'pending_payment', price: '350.00', expires_at: offered.offered_until },
      });
    });

    test('are not sold past the queue', async () => {
      const [sold] = await fill();
      const first = await waiting(1);
      if (sold !== undefined) await cancel(sold);
      clock.advance(2000);
      expect(await buy(1)).toMatchObject({ status: 409, body: { code: 'park_at_capacity' } });
      expect((await buy(1, ids.next(), there)).status).toBe(409);
      await offer();
      expect((await entryOf(first)).status).toBe('offered');
    });

    test('too few for the first party go to the next that fits, and to buyers when none does; the first keeps its turn', async () => {
      const [a, b, c, d] = await fill();
      const [large, small] = [await waiting(2), await waiting(1)];
      if (a !== undefined) await cancel(a);
      await offer();
      expect([(await entryOf(large)).status, (await entryOf(small)).status]).toEqual(['waiting', 'offered']);
      if (b !== undefined) await cancel(b);
      clock.advance(2000);
      expect((await buy(1)).status).toBe(201);
      for (const sold of [c, d]) if (sold !== undefined) await cancel(sold);
      await offer();
      expect(await entryOf(large)).toMatchObject({ status: 'offered' });
    });

    test('of an offer that nobody paid go to the next', async () => {
      const [sold] = await fill();
      const [first, second] = [await waiting(1), await waiting(1)];
      if (sold !== undefined) await cancel(sold);
      await offer();
      clock.advance(HALF_AN_HOUR_MS);
      await offer();
      expect((await entryOf(second)).status).toBe('offered');
      const late = await here.server.ask('POST', `/api/v1/waitlist/${first.id}/accept`, { token: first.guest });
      expect(late).toMatchObject({ status: 409, body: { code: 'nothing_offered' } });
      expect((await join(1, first.guest)).status).toBe(201);
    });

    test('of an offer that is declined are free at once; a ticket that was paid stays', async () => {
      const [sold] = await fill();
      const [first, second] = [await waiting(1), await waiting(1)];
      if (sold !== undefined) await cancel(sold);
      await offer();
      await here.server.ask('DELETE', `/api/v1/waitlist/${first.id}`, { token: first.guest });
      await offer();
      const { ticket_id: ticketId } = await entryOf(second);
      const paid = { ticketId: ticketId ?? '', paymentId: ids.next(), paidTyiyn: 35_000n };
      expect((await here.booking.settleTicket(paid, meta)).ok).toBe(true);
      expect((await entryOf(second)).status).toBe('fulfilled');
      await here.server.ask('DELETE', `/api/v1/waitlist/${second.id}`, { token: second.guest });
      expect((await here.booking.ticketFacts.byId(ticketId ?? ''))?.status).toBe('active');
    });

    test('are offered once by two processes at the same time, and the day is never oversold', async () => {
      const sold = await fill();
      const parties = [];
      for (let index = 0; index < 6; index += 1) parties.push(await waiting(1));
      await Promise.all(sold.slice(0, 3).map(cancel));
      await Promise.all([offer(here), offer(there), offer(here), offer(there)]);
      const statuses = await Promise.all(parties.map(async (one) => (await entryOf(one)).status));
      expect(statuses).toEqual(['offered', 'offered', 'offered', 'waiting', 'waiting', 'waiting']);
      const [day] = await here.booking.placesOfDays(parkId, [DATE]);
      expect(day).toMatchObject({ free: 0, deficit: 0 });
    });
  });

  test('somebody else’s entry is not found', async () => {
    await fill();
    const { id } = await waiting(1);
    const stranger = ids.next();
    for (const [method, path] of [
      ['GET', `/api/v1/waitlist/${id}`],
      ['DELETE', `/api/v1/waitlist/${id}`],
      ['POST', `/api/v1/waitlist/${id}/accept`],
    ] as const) {
      expect((await here.server.ask(method, path, { token: stranger })).status).toBe(404);
    }
  });

  test('a guest sees the own entries only, a page at a time', async () => {
    await fill();
    const guest = ids.next();
    await join(1, guest);
    await waiting(1);
    const listed = await here.server.ask('GET', '/api/v1/waitlist?limit=1', { token: guest });
    expect(listed.body).toMatchObject({ items: [{ park_id: parkId }], next_cursor: null });
  });

  test('whoever was erased is offered nothing, and the next is', async () => {
    const [sold] = await fill();
    const [first, second] = [await waiting(1), await waiting(1)];
    await vault.destroy(first.guest);
    if (sold !== undefined) await cancel(sold);
    await offer();
    expect((await entryOf(second)).status).toBe('offered');
  });

  test('rows tell no names, and rebuilt in ranges of any size they are the same', async () => {
    const live = await opened.rows();
    expect(live['booking.waitlist']?.length).toBeGreaterThan(10);
    expect(JSON.stringify(live)).not.toContain('Zhyldyz');
    for (const batch of [7, 10_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(live);
    }
  });
});
