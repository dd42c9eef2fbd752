import type { Decider } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { LocalTime } from '../../../kernel/time.ts';

/** A text in each language that people are answered in. */
export type Translated = { readonly ru: string; readonly ky: string; readonly en: string };

export type ParkProfile = {
  /** The slug that names the park for ever: lower-case letters, digits and hyphens, at most 50. */
  readonly parkId: string;
  readonly names: Translated;
  readonly addresses: Translated;
  /** Most people inside at once, and the default of a day's quota. */
  readonly capacity: number;
  readonly priceUnder3Tyiyn: Tyiyn;
  readonly priceOver3Tyiyn: Tyiyn;
  readonly priceAdultTyiyn: Tyiyn;
  readonly groupPercent: number;
  readonly openTime: LocalTime;
  readonly closeTime: LocalTime;
  /** IANA name. */
  readonly timeZone: string;
  /** Degrees times 10⁷, so that no fraction is stored. */
  readonly latitudeE7: number;
  readonly longitudeE7: number;
  readonly amenities: readonly string[];
  readonly images: readonly string[];
};

export type ParkOpened = { readonly type: 'ParkOpened'; readonly data: ParkProfile };
export type ParkEvent = ParkOpened;
export type ParkCommand = { readonly kind: 'open'; readonly profile: ParkProfile };
export type ParkState = { readonly profile: ParkProfile | null };
export type ParkRefusal =
  | { readonly code: 'park_exists' }
  | { readonly code: 'bad_park'; readonly field: keyof ParkProfile; readonly message: string };

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LONGEST_ID = 50;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
/** More people than any building lets in. */
const MOST_PEOPLE = 100_000;
/** 999 999.99 som: the price of a hundred people still fits DECIMAL(10,2). */
const HIGHEST_PRICE_TYIYN = 99_999_999n;
const DEGREE_E7 = 10_000_000;

type Fault = { readonly field: keyof ParkProfile; readonly message: string };

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

const isTranslated = (text: Translated): boolean => [text.ru, text.ky, text.en].every((one) => one.trim() !== '');

/** What no park can be, in the order of the profile. Whether the time zone exists only its database knows. */
function faultOf(profile: ParkProfile): Fault | null {
  const price = (field: 'priceUnder3Tyiyn' | 'priceOver3Tyiyn' | 'priceAdultTyiyn'): readonly [boolean, Fault] => [
    profile[field] >= 0n && profile[field] <= HIGHEST_PRICE_TYIYN,
    { field, message: 'from 0.00 to 999999.99 som' },
  ];
  const rules: readonly (readonly [boolean, Fault])[] = [
    [
      SLUG.test(profile.parkId) && profile.parkId.length <= LONGEST_ID,
      { field: 'parkId', message: `lower-case letters, digits and single hyphens, at most ${LONGEST_ID}` },
    ],
    [isTranslated(profile.names), { field: 'names', message: 'in every language' }],
    [isTranslated(profile.addresses), { field: 'addresses', message: 'in every language' }],
    [
      isWhole(profile.capacity, 1, MOST_PEOPLE),
      { field: 'capacity', message: `a whole number from 1 to ${MOST_PEOPLE}` },
    ],
    price('priceUnder3Tyiyn'),
    price('priceOver3Tyiyn'),
    price('priceAdultTyiyn'),
    [isWhole(profile.groupPercent, 0, 100), { field: 'groupPercent', message: 'a whole number from 0 to 100' }],
    [TIME.test(profile.openTime), { field: 'openTime', message: 'HH:MM' }],
    [
      TIME.test(profile.closeTime) && profile.closeTime > profile.openTime,
      { field: 'closeTime', message: 'HH:MM, later than the opening on the same day' },
    ],
    [
      isWhole(profile.latitudeE7, -90 * DEGREE_E7, 90 * DEGREE_E7),
      { field: 'latitudeE7', message: '-90 to 90 degrees' },
    ],
    [
      isWhole(profile.longitudeE7, -180 * DEGREE_E7, 180 * DEGREE_E7),
      { field: 'longitudeE7', message: '-180 to 180 degrees' },
    ],
  ];
  return rules.find(([isMet]) => !isMet)?.[1] ?? null;
}

/** A park of the chain: what guests see and what a day there costs by default. */
export const park: Decider<ParkCommand, ParkState, ParkEvent, ParkRefusal> = {
  aggregateType: 'Park',
  initial: { profile: null },
  decide({ profile }, state) {
    if (state.profile !== null) return refuse({ code: 'park_exists' });
    const fault = faultOf(profile);
    return fault === null ? ok([{ type: 'ParkOpened', data: profile }]) : refuse({ code: 'bad_park', ...fault });
  },
  evolve: (_state, event) => ({ profile: event.data }),
};
