import type { operations } from '../../../clients/typescript/schema.d.ts';
import type { Park } from '../session/parks.ts';
import { typed } from '../../shared/ui/typed.ts';
import { AMENITIES } from '../../shared/i18n/amenity-list.ts';
import { amountOf } from '../../shared/format/amount.ts';

export type ParkEdit = NonNullable<operations['editPark']['requestBody']>['content']['application/json'];
export type DayRule = NonNullable<ParkEdit['holiday_prices']>;

/** What the form of a park begins with. */
export type ParkDraft = Omit<Park, 'id' | 'name' | 'address' | 'current_occupancy' | 'time_zone'>;

/** Monday is 1. */
export const WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** How the fields of a kind of day are called in the form: those of weekdays by their number, those of holidays by theirs. */
export const HOLIDAYS = 'holidays';

const orNull = (text: string): string | null => (text === '' ? null : text);

/** What a kind of day has of its own; null when it has nothing. */
function ruleFrom(fields: FormData, kind: string): DayRule | null {
  const said = (name: string): string => typed(fields, `${kind}.${name}`);
  const rule: DayRule = {
    closed: fields.get(`${kind}.closed`) === null ? null : true,
    open_time: orNull(said('openTime')),
    close_time: orNull(said('closeTime')),
    price_under_3: amountOf(said('priceUnder3')),
    price_over_3: amountOf(said('priceOver3')),
    price_adult: amountOf(said('priceAdult')),
  };
  return Object.values(rule).every((value) => value === null) ? null : rule;
}

/** People write commas too. */
const degrees = (text: string): number => Number(text.replace(',', '.'));

const inLanguages = (fields: FormData, name: string) => ({
  ru: typed(fields, `${name}.ru`),
  ky: typed(fields, `${name}.ky`),
  en: typed(fields, `${name}.en`),
});

/** What the form of a park asks for. */
export function editFrom(fields: FormData) {
  const weekdays = WEEKDAYS.flatMap((weekday) => {
    const rule = ruleFrom(fields, String(weekday));
    return rule === null ? [] : [{ weekday, ...rule }];
  });
  return {
    names: inLanguages(fields, 'name'),
    addresses: inLanguages(fields, 'address'),
    capacity: Number(typed(fields, 'capacity')),
    open_time: typed(fields, 'openTime'),
    close_time: typed(fields, 'closeTime'),
    price_under_3: amountOf(typed(fields, 'priceUnder3')) ?? '',
    price_over_3: amountOf(typed(fields, 'priceOver3')) ?? '',
    price_adult: amountOf(typed(fields, 'priceAdult')) ?? '',
    group_percent: Number(typed(fields, 'groupPercent')),
    walk_up_share_percent: Number(typed(fields, 'walkUp')),
    re_entry: typed(fields, 'reEntry') === 'same_day' ? ('same_day' as const) : ('none' as const),
    lat: degrees(typed(fields, 'lat')),
    lng: degrees(typed(fields, 'lng')),
    amenities: AMENITIES.filter((amenity) => fields.get(`amenity.${amenity}`) !== null),
    weekday_prices: weekdays,
    holiday_prices: ruleFrom(fields, HOLIDAYS),
  } satisfies ParkEdit;
}
