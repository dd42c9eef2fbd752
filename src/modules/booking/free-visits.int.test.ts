import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { bookingManifest } from './module.ts';
import { openOffice, type Office } from './office.suite.ts';
import { parkDaysOf } from './sales.suite.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const DATE = '2026-12-08';
const QUOTA = 2;
const meta = { actor: 'system', correlationId: 'test' };

describeWithDatabase('a visit that costs nothing', () => {
  let opened: ModuleDatabase;
  let office: Office;
  const proven = new Set<string>();
  /** The price of whoever is three or older, by park. */
  const prices = new Map<string, bigint>();

  beforeAll(async () => {
    opened = await openModuleDatabase(bookingManifest, clock);
    office = await openOffice(await opened.startNode(), clock, {
      async parkDays(parkId, date) {
        const day = await parkDaysOf(QUOTA)(parkId, date);
        return day && { ...day, priceUnder3Tyiyn: 0n, priceOver3Tyiyn: prices.get(parkId) ?? 35_000n };
      },
      numberProven: async (userId) => proven.has(userId),
    });
  });
  afterAll(async () => {
    await office.server.close();
    await opened.close();
  });

  const ask = async (path: string, guest: string, parkId: string, age: number) => {
    const body = { park_id: parkId, visit_date: DATE, children: [{ name: 'Бакыт', age }] };
    const answer = await office.server.ask('POST', `/api/v1/${path}`, { token: guest, body });
    return { ...answer, told: [answer.status, answer.body['code'] ?? answer.body['status']] };
  };
  const buy = (guest: string, parkId: string, age: number) => ask('tickets', guest, parkId, age);
  const wait = (guest: string, parkId: string, age: number) => ask('waitlist', guest, parkId, age);

  test('is for accounts that proved their number, as the first payment is', async () => {
    const [stranger, guest] = [ids.next(), ids.next()];
    proven.add(guest);
    expect((await buy(stranger, 'free', 2)).told).toEqual([403, 'phone_not_verified']);
    expect(await office.booking.guestRecords.counts.hasVisits(stranger)).toBe(false);
    expect((await buy(guest, 'free', 2)).told).toEqual([201, 'active']);
    // What is to be paid waits for its payment, before which the number is asked for.
    expect((await buy(stranger, 'free', 5)).told).toEqual([201, 'pending_payment']);
    expect(await office.booking.guestRecords.counts.hasVisits(stranger)).toBe(false);
  });

  test('has a price for anybody who asks', async () => {
    expect((await ask('tickets/quote', ids.next(), 'quoted', 2)).status).toBe(200);
  });

  test('is not waited for without a proven number, and not offered where the day has come to cost nothing', async () => {
    const [stranger, guest] = [ids.next(), ids.next()];
    proven.add(guest);
    const buyers = await Promise.all(Array.from({ length: QUOTA }, () => buy(guest, 'full', 5)));
    expect((await wait(stranger, 'full', 2)).told).toEqual([403, 'phone_not_verified']);
    expect((await wait(stranger, 'full', 5)).told).toEqual([201, 'waiting']);
    expect((await wait(guest, 'full', 2)).told).toEqual([201, 'waiting']);

    prices.set('full', 0n);
    for (const { body } of buyers) {
      await office.server.ask('POST', `/api/v1/tickets/${String(body['id'])}/cancel`, { token: guest, body: {} });
    }
    await office.booking.offerPlaces(meta);
    expect(await office.booking.guestRecords.counts.tickets(stranger)).toBe(0);
    expect(await office.booking.guestRecords.counts.tickets(guest)).toBe(QUOTA + 1);
  });
});
