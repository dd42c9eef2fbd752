import { describe, expect, test } from 'vitest';
import { park, type ParkProfile } from './park.ts';

const profile: ParkProfile = {
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

const open = (change: Partial<ParkProfile> = {}) =>
  park.decide({ kind: 'open', profile: { ...profile, ...change } }, park.initial);

test('a park opens with the profile it was given', () => {
  expect(open()).toEqual({ ok: true, value: [{ type: 'ParkOpened', data: profile }] });
});

test('a park opens once: its id is its name for ever', () => {
  const opened = park.evolve(park.initial, { type: 'ParkOpened', data: profile });
  expect(park.decide({ kind: 'open', profile }, opened)).toEqual({ ok: false, refusal: { code: 'park_exists' } });
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
