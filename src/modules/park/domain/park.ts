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
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

function faultOf(profile: ParkProfile): ParkRefusal | null {
  const bad = (field: keyof ParkProfile, message: string): ParkRefusal => ({ code: 'bad_park', field, message });
  if (!SLUG.test(profile.parkId) || profile.parkId.length > 50) return bad('parkId', 'lower-case letters, digits, hyphens');
  if (!Number.isInteger(profile.capacity) || profile.capacity < 1) return bad('capacity', 'a whole number from 1');
  for (const field of ['priceUnder3Tyiyn', 'priceOver3Tyiyn', 'priceAdultTyiyn'] as const) {
    if (profile[field] < 0n) return bad(field, 'not below zero');
  }
  if (!TIME.test(profile.openTime)) return bad('openTime', 'HH:MM');
  if (!TIME.test(profile.closeTime) || profile.closeTime <= profile.openTime) {
    return bad('closeTime', 'HH:MM, later than the opening on the same day');
  }
  if (!Number.isInteger(profile.groupPercent) || profile.groupPercent < 0 || profile.groupPercent > 100) {
    return bad('groupPercent', '0 to 100');
  }
  return null;
}

/** A park of the chain: what guests see and what a day there costs by default. */
export const park: Decider<ParkCommand, ParkState, ParkEvent, ParkRefusal> = {
  aggregateType: 'Park',
  initial: { profile: null },
  decide({ profile }, state) {
    if (state.profile !== null) return refuse({ code: 'park_exists' });
    const fault = faultOf(profile);
    return fault === null ? ok([{ type: 'ParkOpened', data: profile }]) : refuse(fault);
  },
  evolve: (_state, event) => ({ profile: event.data }),
};
