import type { Tyiyn } from '../../../kernel/money.ts';
import { PARKS_TIME_ZONE, type LocalTime } from '../../../kernel/time.ts';
import type { ReEntry, Translated } from '../contract.ts';
import type { DayRule, WeekdayRule } from './day-rule.ts';

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
  /** At most one a weekday. */
  readonly weekdayRules: readonly WeekdayRule[];
  /** Of public holidays. */
  readonly holidayRule: DayRule | null;
  /** IANA name. */
  readonly timeZone: string;
  /** Degrees times 10⁷, so that no fraction is stored. */
  readonly latitudeE7: number;
  readonly longitudeE7: number;
  readonly amenities: readonly string[];
  /** Addresses of pictures, the first one foremost. */
  readonly images: readonly string[];
  readonly reEntry: ReEntry;
  /** Part of a day's quota that is kept for the desk of the park, in percent. */
  readonly walkUpSharePercent: number;
};

/** What a park has unless somebody says otherwise. */
export const NEW_PARK = {
  priceAdultTyiyn: 0n,
  groupPercent: 10,
  weekdayRules: [],
  holidayRule: null,
  timeZone: PARKS_TIME_ZONE,
  amenities: [],
  images: [],
  reEntry: 'none',
  walkUpSharePercent: 20,
} as const satisfies Partial<ParkProfile>;

/** What must be said of a new park, and what may be. */
export type ParkDraft = Omit<ParkProfile, keyof typeof NEW_PARK> & Partial<Pick<ParkProfile, keyof typeof NEW_PARK>>;

/** What can be changed of a park: all but its name in addresses, and the zone that its sold days are counted in. */
export type ParkChanges = Partial<Omit<ParkProfile, 'parkId' | 'timeZone'>>;
