import { Type, type Static } from 'typebox';
import { formatSom, parseSom, type Tyiyn } from '../../../kernel/money.ts';
import { money, nullable, text } from '../../../infrastructure/http/schemas.ts';
import type { DateRule, DayRule } from '../application/park-catalogue.ts';

export const timeOfDay = (description: string, example: string) =>
  Type.String({ pattern: '^\\d{2}:\\d{2}$', maxLength: 5, description, example });

export const translated = (longest: number, description: string) =>
  Type.Object({ ru: text(longest), ky: text(longest), en: text(longest) }, { description });

/** What a kind of day has of its own. Absent or null: not of its own. */
export const ruleFields = {
  closed: Type.Optional(
    nullable(Type.Boolean({ description: 'True closes; false opens what a rule of lower rank closes' })),
  ),
  open_time: Type.Optional(nullable(timeOfDay('Local time; both hours or neither', '10:00'))),
  close_time: Type.Optional(nullable(timeOfDay('Local time, later than the opening', '20:00'))),
  price_under_3: Type.Optional(nullable(money('A child under three'))),
  price_over_3: Type.Optional(nullable(money('A child of three or older'))),
  price_adult: Type.Optional(nullable(money('A grown-up'))),
};
const Rule = Type.Object(ruleFields);

/** The rule of one date. */
export const DateRuleBody = Type.Object({
  ...ruleFields,
  reason: Type.Optional(nullable(translated(300, 'Why the park is closed, for guests'))),
  day_quota: Type.Optional(
    nullable(
      Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'Places that may be sold; the capacity of the park if absent',
      }),
    ),
  ),
  note: Type.Optional(nullable(text(1000, { description: 'For staff' }))),
});

/** A sum that `parseSom` does not take is one that no park may ask either, so it is told as such. */
const BAD_SUM = -1n;
export const sumOf = (som: string): Tyiyn => parseSom(som) ?? BAD_SUM;

const maybeSum = (som: string | null | undefined): Tyiyn | null => (typeof som === 'string' ? sumOf(som) : null);
const maybeSom = (tyiyn: Tyiyn | null): string | null => (tyiyn === null ? null : formatSom(tyiyn));

export const toDayRule = (body: Static<typeof Rule>): DayRule => ({
  closed: body.closed ?? null,
  openTime: body.open_time ?? null,
  closeTime: body.close_time ?? null,
  priceUnder3Tyiyn: maybeSum(body.price_under_3),
  priceOver3Tyiyn: maybeSum(body.price_over_3),
  priceAdultTyiyn: maybeSum(body.price_adult),
});

export const fromDayRule = (rule: DayRule) => ({
  closed: rule.closed,
  open_time: rule.openTime,
  close_time: rule.closeTime,
  price_under_3: maybeSom(rule.priceUnder3Tyiyn),
  price_over_3: maybeSom(rule.priceOver3Tyiyn),
  price_adult: maybeSom(rule.priceAdultTyiyn),
});

export const toDateRule = (body: Static<typeof DateRuleBody>): DateRule => ({
  ...toDayRule(body),
  reason: body.reason ?? null,
  dayQuota: body.day_quota ?? null,
  note: body.note ?? null,
});

export const fromDateRule = (rule: DateRule) => ({
  ...fromDayRule(rule),
  reason: rule.reason,
  day_quota: rule.dayQuota,
  note: rule.note,
});

/** What the fields of rules and parks are called outside. */
export const FIELD_PATHS: Readonly<Record<string, string>> = {
  parkId: 'id',
  openTime: 'open_time',
  closeTime: 'close_time',
  priceUnder3Tyiyn: 'price_under_3',
  priceOver3Tyiyn: 'price_over_3',
  priceAdultTyiyn: 'price_adult',
  groupPercent: 'group_percent',
  weekdayRules: 'weekday_prices',
  holidayRule: 'holiday_prices',
  timeZone: 'time_zone',
  latitudeE7: 'lat',
  longitudeE7: 'lng',
  reEntry: 're_entry',
  walkUpSharePercent: 'walk_up_share_percent',
  dayQuota: 'day_quota',
};
