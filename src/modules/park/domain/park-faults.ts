import { HIGHEST_PRICE_TYIYN, isEmptyRule, isPrice, isTime, isTranslated, MOST_PEOPLE, ruleFault } from './day-rule.ts';
import type { DayRule } from './day-rule.ts';
import type { ParkProfile } from './park-profile.ts';

/** What a park may offer; a closed list, so that apps have a picture and a word for each in every language. */
export const AMENITIES = [
  'birthday_room',
  'cafe',
  'climbing_wall',
  'first_aid',
  'lockers',
  'nursing_room',
  'parking',
  'playground',
  'prayer_room',
  'rope_course',
  'slides',
  'toddler_zone',
  'trampolines',
  'wheelchair_access',
  'wifi',
] as const;

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LONGEST_ID = 50;
const DEGREE_E7 = 10_000_000;
export const MOST_IMAGES = 20;
const LONGEST_IMAGE = 500;

type Fault = { readonly field: keyof ParkProfile; readonly message: string };
type Rule = readonly [boolean, Fault];

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

const areDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

function isHttps(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && address.length <= LONGEST_IMAGE;
}

const isImage = (address: string, parkId: string): boolean =>
  isHttps(address) || (address.startsWith(`/api/v1/parks/${parkId}/images/`) && /\/[0-9a-f-]{36}$/.test(address));

/** The first thing that a rule of a weekday or of holidays cannot say. */
function dayRuleMessage(rule: DayRule | null): string | null {
  if (rule === null) return null;
  return isEmptyRule(rule) ? 'says nothing' : (ruleFault(rule)?.message ?? null);
}

function weekdaysMessage({ weekdayRules }: ParkProfile): string | null {
  const days = weekdayRules.map(({ weekday }) => weekday);
  if (!days.every((day) => isWhole(day, 1, 7)) || !areDistinct(days)) return 'each weekday from 1 to 7 at most once';
  return weekdayRules.map(dayRuleMessage).find((message) => message !== null) ?? null;
}

function aboutPrices(profile: ParkProfile): readonly Rule[] {
  const message = `from 0.00 to ${HIGHEST_PRICE_TYIYN / 100n}.${HIGHEST_PRICE_TYIYN % 100n} som`;
  const prices = ['priceUnder3Tyiyn', 'priceOver3Tyiyn', 'priceAdultTyiyn'] as const;
  return prices.map((field) => [isPrice(profile[field]), { field, message }]);
}

function aboutDays(profile: ParkProfile): readonly Rule[] {
  const { openTime, closeTime } = profile;
  const weekdays = weekdaysMessage(profile);
  const holidays = dayRuleMessage(profile.holidayRule);
  return [
    [isTime(openTime), { field: 'openTime', message: 'HH:MM' }],
    [
      isTime(closeTime) && closeTime > openTime,
      { field: 'closeTime', message: 'HH:MM, later than the opening on the same day' },
    ],
    [weekdays === null, { field: 'weekdayRules', message: weekdays ?? '' }],
    [holidays === null, { field: 'holidayRule', message: holidays ?? '' }],
  ];
}

function aboutPlace({ latitudeE7, longitudeE7, amenities, images, parkId }: ParkProfile): readonly Rule[] {
  const words: readonly string[] = AMENITIES;
  return [
    [isWhole(latitudeE7, -90 * DEGREE_E7, 90 * DEGREE_E7), { field: 'latitudeE7', message: '-90 to 90 degrees' }],
    [isWhole(longitudeE7, -180 * DEGREE_E7, 180 * DEGREE_E7), { field: 'longitudeE7', message: '-180 to 180 degrees' }],
    [
      areDistinct(amenities) && amenities.every((word) => words.includes(word)),
      { field: 'amenities', message: `each at most once, of ${AMENITIES.join(', ')}` },
    ],
    [
      images.length <= MOST_IMAGES && areDistinct(images) && images.every((image) => isImage(image, parkId)),
      { field: 'images', message: `at most ${MOST_IMAGES} different https addresses, or pictures of this park` },
    ],
  ];
}

/** What no park can be, in the order of the profile. Whether the time zone exists only its database knows. */
export function profileFault(profile: ParkProfile): Fault | null {
  const percent = 'a whole number from 0 to 100';
  const rules: readonly Rule[] = [
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
    ...aboutPrices(profile),
    [isWhole(profile.groupPercent, 0, 100), { field: 'groupPercent', message: percent }],
    ...aboutDays(profile),
    ...aboutPlace(profile),
    [isWhole(profile.walkUpSharePercent, 0, 100), { field: 'walkUpSharePercent', message: percent }],
  ];
  return rules.find(([isMet]) => !isMet)?.[1] ?? null;
}
