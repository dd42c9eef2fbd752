import { describe, expect, test } from 'vitest';
import { NEW_PARK, type ParkProfile } from './park-profile.ts';
import type { ParkChanges } from './park-profile.ts';
import { park, type ParkEvent } from './park.ts';

const profile: ParkProfile = {
  ...NEW_PARK,
  parkId: 'ala-archa',
  names: { ru: 'Ала-Арча', ky: 'Ала-Арча', en: 'Ala-Archa' },
  addresses: { ru: 'Бишкек', ky: 'Бишкек', en: 'Bishkek' },
  capacity: 300,
  priceUnder3Tyiyn: 15_000n,
  priceOver3Tyiyn: 35_000n,
  priceAdultTyiyn: 0n,
  groupPercent: 10,
  openTime: '10:00',
  closeTime: '21:00',
  timeZone: 'Asia/Bishkek',
  latitudeE7: 428_212_000,
  longitudeE7: 745_973_000,
  amenities: ['cafe'],
  images: [],
};

const nothing = {
  closed: null,
  openTime: null,
  closeTime: null,
  priceUnder3Tyiyn: null,
  priceOver3Tyiyn: null,
  priceAdultTyiyn: null,
};

const open = (change: Partial<ParkProfile> = {}) =>
  park.decide({ kind: 'open', profile: { ...profile, ...change } }, park.initial);

test('a park opens with the profile it was given', () => {
  expect(open()).toEqual({ ok: true, value: [{ type: 'ParkOpened', data: profile }] });
});

test('a park opens once: its id is its name for ever', () => {
  const opened = park.evolve(park.initial, { type: 'ParkOpened', data: profile });
  expect(park.decide({ kind: 'open', profile }, opened)).toEqual({ ok: false, refusal: { code: 'park_exists' } });
});

describe('an edit', () => {
  const opened = park.evolve(park.initial, { type: 'ParkOpened', data: profile });
  const edit = (changes: ParkChanges, version = 1) => park.decide({ kind: 'edit', version, changes }, opened);

  test('tells the whole profile and what of it changed', () => {
    expect(edit({ capacity: 200, openTime: '09:00', closeTime: '21:00' })).toEqual({
      ok: true,
      value: [
        {
          type: 'ParkEdited',
          data: {
            parkId: 'ala-archa',
            profile: { ...profile, capacity: 200, openTime: '09:00' },
            changed: ['capacity', 'openTime'],
          },
        },
      ],
    });
  });

  test('that changes nothing is no event', () => {
    expect(edit({ capacity: 300, weekdayRules: [], names: { ...profile.names } })).toEqual({ ok: true, value: [] });
  });

  test('of an older version is refused', () => {
    const [event] = (edit({ capacity: 200 }) as { readonly value: readonly ParkEvent[] }).value;
    const edited = event === undefined ? opened : park.evolve(opened, event);
    expect(edited.version).toBe(2);
    const again = park.decide({ kind: 'edit', version: 1, changes: { capacity: 100 } }, edited);
    expect(again).toEqual({ ok: false, refusal: { code: 'version_moved' } });
  });

  test('of a park that does not exist is refused', () => {
    const refused = park.decide({ kind: 'edit', version: 1, changes: {} }, park.initial);
    expect(refused).toEqual({ ok: false, refusal: { code: 'park_not_found' } });
  });

  test('is held to the same rules as a new park, the parts it left alone included', () => {
    expect(edit({ openTime: '21:00' })).toMatchObject({ ok: false, refusal: { code: 'bad_park', field: 'closeTime' } });
  });
});

describe('what a park cannot be', () => {
  test.each<[Partial<ParkProfile>]>([
    [{ parkId: '' }],
    [{ parkId: 'Ala-Archa' }],
    [{ parkId: 'ala archa' }],
    [{ parkId: '-ala' }],
    [{ parkId: 'ala--archa' }],
    [{ parkId: 'a'.repeat(51) }],
    [{ names: { ru: 'Ала-Арча', ky: ' ', en: 'Ala-Archa' } }],
    [{ addresses: { ru: '', ky: 'Бишкек', en: 'Bishkek' } }],
    [{ capacity: 0 }],
    [{ capacity: 1.5 }],
    [{ capacity: 100_001 }],
    [{ priceUnder3Tyiyn: -1n }],
    [{ priceOver3Tyiyn: -1n }],
    [{ priceAdultTyiyn: -1n }],
    [{ priceUnder3Tyiyn: 100_000_000n }],
    [{ groupPercent: -1 }],
    [{ groupPercent: 101 }],
    [{ groupPercent: 2.5 }],
    [{ openTime: '24:00' }],
    [{ openTime: '9:00' }],
    [{ closeTime: '24:00' }],
    [{ closeTime: '10:00' }],
    [{ closeTime: '09:59' }],
    [{ latitudeE7: 900_000_001 }],
    [{ latitudeE7: 42.8 }],
    [{ longitudeE7: -1_800_000_001 }],
    [{ longitudeE7: Number.NaN }],
    [{ amenities: ['cafe', 'cafe'] }],
    [{ amenities: ['dragon'] }],
    [{ images: ['http://images.example/1.jpg'] }],
    [{ images: ['javascript:alert(1)'] }],
    [{ images: ['https://user:secret@images.example/1.jpg'] }],
    [{ images: ['/api/v1/parks/other/images/01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e'] }],
    [{ weekdayRules: [{ ...nothing, weekday: 6 }] }],
    [{ weekdayRules: [{ ...nothing, closed: true, weekday: 8 }] }],
    [
      {
        weekdayRules: [
          { ...nothing, closed: true, weekday: 1 },
          { ...nothing, closed: false, weekday: 1 },
        ],
      },
    ],
    [{ holidayRule: { ...nothing, openTime: '10:00' } }],
    [{ holidayRule: { ...nothing, priceOver3Tyiyn: -1n } }],
    [{ walkUpSharePercent: 101 }],
  ])('%o', (change) => {
    const [field] = Object.keys(change);
    expect(open(change)).toMatchObject({ ok: false, refusal: { code: 'bad_park', field } });
  });

  test.each<[Partial<ParkProfile>]>([
    [{ parkId: 'a'.repeat(50) }],
    [{ capacity: 1 }],
    [{ capacity: 100_000 }],
    [{ priceOver3Tyiyn: 0n }],
    [{ priceOver3Tyiyn: 99_999_999n }],
    [{ groupPercent: 0 }],
    [{ groupPercent: 100 }],
    [{ openTime: '00:00', closeTime: '23:59' }],
    [{ latitudeE7: -900_000_000, longitudeE7: 1_800_000_000 }],
  ])('the last of what it can be: %o', (change) => {
    expect(open(change)).toMatchObject({ ok: true });
  });
});
