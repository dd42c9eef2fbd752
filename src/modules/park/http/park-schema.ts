import { Type, type Static } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import type { Language } from '../../../infrastructure/http/error-table.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { money, nullable, oneOf } from '../../../infrastructure/http/schemas.ts';
import { AMENITIES, type ParkCard, type ParkChanges, type ParkDraft } from '../application/park-catalogue.ts';
import { FIELD_PATHS, fromDayRule, ruleFields, sumOf, timeOfDay, toDayRule, translated } from './rule-schema.ts';

export const parkId = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 50,
  description: 'Slug of the park',
  example: 'ala-archa',
});

const DEGREE_E7 = 10_000_000;

const percent = (description: string) => Type.Integer({ minimum: 0, maximum: 100, description });

/** What whoever edits a park may say, and whoever reads it sees. */
export const fields = {
  names: translated(200, 'The name in every language'),
  addresses: translated(300, 'The address in every language'),
  capacity: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    description: 'Most people inside at once; also the places sold for a day, unless its calendar says otherwise',
  }),
  price_under_3: money('A child under three on the day of the visit'),
  price_over_3: money('A child of three or older'),
  price_adult: money('A grown-up'),
  group_percent: percent('Off for a party of ten children or more'),
  open_time: timeOfDay('Local time', '10:00'),
  close_time: timeOfDay('Local time', '20:00'),
  weekday_prices: Type.Array(
    Type.Object({
      weekday: Type.Integer({ minimum: 1, maximum: 7, description: '1 Monday to 7 Sunday' }),
      ...ruleFields,
    }),
    { maxItems: 7, description: 'Weekdays with prices or hours of their own' },
  ),
  holiday_prices: nullable(Type.Object(ruleFields, { description: 'Prices or hours of public holidays' })),
  lat: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north' }),
  lng: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east' }),
  amenities: Type.Array(oneOf(AMENITIES), { maxItems: 30, description: 'What there is' }),
  images: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
    maxItems: 20,
    description: 'Addresses of pictures, the first one foremost',
  }),
  re_entry: oneOf(['none', 'same_day'], 'Whether people who left may come back on the same day'),
  walk_up_share_percent: percent("Part of a day's quota that is kept for the desk"),
};

const timeZone = Type.String({ maxLength: 50, description: 'IANA name', example: 'Asia/Bishkek' });

export const Park = Type.Object(
  {
    id: parkId,
    name: Type.String({ description: 'In the language asked for' }),
    address: Type.String({ description: 'In the language asked for' }),
    current_occupancy: Type.Integer({ description: 'People inside now' }),
    time_zone: timeZone,
    ...fields,
  },
  { $id: 'Park' },
);

const optional = {
  price_adult: Type.Optional(fields.price_adult),
  group_percent: Type.Optional(fields.group_percent),
  weekday_prices: Type.Optional(fields.weekday_prices),
  holiday_prices: Type.Optional(fields.holiday_prices),
  amenities: Type.Optional(fields.amenities),
  images: Type.Optional(fields.images),
  re_entry: Type.Optional(fields.re_entry),
  walk_up_share_percent: Type.Optional(fields.walk_up_share_percent),
};

export const NewPark = Type.Object({ id: parkId, time_zone: Type.Optional(timeZone), ...fields, ...optional });

export const ParkEdit = Type.Object(
  {
    ...optional,
    names: Type.Optional(fields.names),
    addresses: Type.Optional(fields.addresses),
    capacity: Type.Optional(fields.capacity),
    price_under_3: Type.Optional(fields.price_under_3),
    price_over_3: Type.Optional(fields.price_over_3),
    open_time: Type.Optional(fields.open_time),
    close_time: Type.Optional(fields.close_time),
    lat: Type.Optional(fields.lat),
    lng: Type.Optional(fields.lng),
  },
  { minProperties: 1 },
);

/** Leaves out what the caller left out. */
const given = <Name extends string, Value, Out>(name: Name, value: Value | undefined, read: (value: Value) => Out) =>
  (value === undefined ? {} : { [name]: read(value) }) as { readonly [N in Name]?: Out };

const same = <Value>(value: Value): Value => value;
const toE7 = (degrees: number): number => Math.round(degrees * DEGREE_E7);

export const toChanges = (body: Static<typeof ParkEdit>): ParkChanges => ({
  ...given('names', body.names, same),
  ...given('addresses', body.addresses, same),
  ...given('capacity', body.capacity, same),
  ...given('priceUnder3Tyiyn', body.price_under_3, sumOf),
  ...given('priceOver3Tyiyn', body.price_over_3, sumOf),
  ...given('priceAdultTyiyn', body.price_adult, sumOf),
  ...given('groupPercent', body.group_percent, same),
  ...given('openTime', body.open_time, same),
  ...given('closeTime', body.close_time, same),
  ...given('weekdayRules', body.weekday_prices, (rules) =>
    rules.map((rule) => ({ weekday: rule.weekday, ...toDayRule(rule) })),
  ),
  ...given('holidayRule', body.holiday_prices, (rule) => (rule === null ? null : toDayRule(rule))),
  ...given('latitudeE7', body.lat, toE7),
  ...given('longitudeE7', body.lng, toE7),
  ...given('amenities', body.amenities, same),
  ...given('images', body.images, same),
  ...given('reEntry', body.re_entry, same),
  ...given('walkUpSharePercent', body.walk_up_share_percent, same),
});

/** All that a new park must have, the body has. */
export const toDraft = (body: Omit<Static<typeof NewPark>, 'id' | 'time_zone'>): Omit<ParkDraft, 'parkId'> => ({
  ...toChanges(body),
  names: body.names,
  addresses: body.addresses,
  capacity: body.capacity,
  priceUnder3Tyiyn: sumOf(body.price_under_3),
  priceOver3Tyiyn: sumOf(body.price_over_3),
  openTime: body.open_time,
  closeTime: body.close_time,
  latitudeE7: toE7(body.lat),
  longitudeE7: toE7(body.lng),
});

export const toPark = (card: ParkCard, occupancy: number, language: Language) => ({
  id: card.parkId,
  name: card.names[language],
  names: card.names,
  address: card.addresses[language],
  addresses: card.addresses,
  capacity: card.capacity,
  current_occupancy: occupancy,
  price_under_3: formatSom(card.priceUnder3Tyiyn),
  price_over_3: formatSom(card.priceOver3Tyiyn),
  price_adult: formatSom(card.priceAdultTyiyn),
  group_percent: card.groupPercent,
  open_time: card.openTime,
  close_time: card.closeTime,
  weekday_prices: card.weekdayRules.map((rule) => ({ weekday: rule.weekday, ...fromDayRule(rule) })),
  holiday_prices: card.holidayRule === null ? null : fromDayRule(card.holidayRule),
  time_zone: card.timeZone,
  lat: card.latitude,
  lng: card.longitude,
  // Only words of the list are ever stored.
  amenities: card.amenities as (typeof AMENITIES)[number][],
  images: card.images,
  re_entry: card.reEntry,
  walk_up_share_percent: card.walkUpSharePercent,
});

/** A refusal of the park's rules in the words of the request. */
export const fieldProblem = ({ field, message }: { readonly field: string; readonly message: string }) =>
  problem('validation_failed', { errors: [{ path: FIELD_PATHS[field] ?? field, message }] });
