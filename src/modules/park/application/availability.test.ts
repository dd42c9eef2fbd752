import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createZone } from '../../../infrastructure/zone.ts';
import { createAvailability } from './availability.ts';
import { NEW_PARK } from '../domain/park-profile.ts';
import type { ParkCard } from './park-catalogue.ts';

const card: ParkCard = {
  ...NEW_PARK,
  parkId: 'ala-archa',
  names: { ru: 'a', ky: 'a', en: 'a' },
  addresses: { ru: 'a', ky: 'a', en: 'a' },
  capacity: 300,
  priceUnder3Tyiyn: 15_000n,
  priceOver3Tyiyn: 35_000n,
  priceAdultTyiyn: 0n,
  groupPercent: 10,
  openTime: '10:00',
  closeTime: '21:00',
  timeZone: 'Asia/Bishkek',
  latitude: 42,
  longitude: 74,
  amenities: [],
  images: [],
  version: 1,
};
const clock = createManualClock(0);
const catalogue = { find: async (id: string) => (id === card.parkId ? card : null), all: async () => [card] };
const availability = createAvailability({
  catalogue,
  daySources: {
    range: async (_parkId, dates) =>
      dates.map((date) => ({ park: card, date, dateRule: null, holiday: null, version: 0 })),
  },
  placesOfDays: async (_parkId, dates) => dates.map((date) => (date === '2026-12-06' ? { free: 7, deficit: 0 } : null)),
  clock,
  zone: createZone(),
});

async function daysFrom(from?: string, to?: string, at = '2026-12-05T06:00:00Z') {
  clock.set(Date.parse(at));
  const answered = await availability('ala-archa', from, to);
  return answered.ok ? answered.value : answered.refusal.code;
}

describe('which days are answered', () => {
  test('thirty from today on in the time zone of the park, if nobody says otherwise', async () => {
    const days = await daysFrom(undefined, undefined, '2026-12-04T18:00:00Z');
    if (typeof days === 'string') throw new Error(days);
    expect(days).toHaveLength(30);
    expect([days[0]?.date, days[29]?.date]).toEqual(['2026-12-05', '2027-01-03']);
  });

  test.each([
    ['2026-12-05', '2026-12-05', 1],
    ['2026-12-05', '2027-03-05', 91],
    ['2026-12-05', '2027-03-06', 'bad_range'],
    ['2026-12-05', '2026-12-04', 'bad_range'],
    ['2999-12-01', undefined, 30],
    ['2999-12-31', undefined, 'bad_range'],
  ])('from %s to %s: %s', async (from, to, expected) => {
    const days = await daysFrom(from, to);
    expect(typeof days === 'string' ? days : days.length).toBe(expected);
  });

  test('those of a park that does not exist are not found', async () => {
    expect(await availability('nowhere', undefined, undefined)).toEqual({
      ok: false,
      refusal: { code: 'park_not_found' },
    });
  });
});

describe('how many places remain', () => {
  test('those that were not sold; all of them on a day that nobody has bought for', async () => {
    expect(await daysFrom('2026-12-06', '2026-12-07')).toMatchObject([
      { date: '2026-12-06', remaining: 7, dayQuota: 300 },
      { date: '2026-12-07', remaining: 300 },
    ]);
  });

  test('none for a day that is over, from the millisecond of closing on', async () => {
    const remaining = async (at: string) => {
      const days = await daysFrom('2026-12-04', '2026-12-05', at);
      return typeof days === 'string' ? days : days.map((day) => day.remaining);
    };
    expect(await remaining('2026-12-05T14:59:59.999Z')).toEqual([0, 300]);
    expect(await remaining('2026-12-05T15:00:00Z')).toEqual([0, 0]);
  });
});
