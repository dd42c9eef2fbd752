import { trustedSom } from '../../../kernel/money.ts';
import type { DateRule, DayDefaults, DayRule, WeekdayRule } from '../domain/day-rule.ts';

type Prices = 'priceUnder3Tyiyn' | 'priceOver3Tyiyn' | 'priceAdultTyiyn';

/** A rule as its event keeps it: amounts as texts of whole tyiyn. */
export type Stored<Rule extends DayRule> = Omit<Rule, Prices> & Readonly<Record<Prices, string | null>>;

const amount = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

const prices = (rule: Readonly<Record<Prices, string | null>>) => ({
  priceUnder3Tyiyn: amount(rule.priceUnder3Tyiyn),
  priceOver3Tyiyn: amount(rule.priceOver3Tyiyn),
  priceAdultTyiyn: amount(rule.priceAdultTyiyn),
});

export const dayRuleOf = (stored: Stored<DayRule> | null): DayRule | null =>
  stored === null ? null : { ...stored, ...prices(stored) };

export const weekdayRuleOf = (stored: Stored<WeekdayRule>): WeekdayRule => ({ ...stored, ...prices(stored) });

export const dateRuleOf = (stored: Stored<DateRule> | null): DateRule | null =>
  stored === null ? null : { ...stored, ...prices(stored) };

/** Columns of a park that say what its days are, for `p`. */
export const DAY_COLUMNS = `p.capacity, p.price_under_3, p.price_over_3, p.price_adult, p.group_percent,
  to_char(p.open_time, 'HH24:MI') as open_time, to_char(p.close_time, 'HH24:MI') as close_time, p.time_zone,
  p.weekday_rules, p.holiday_rule`;

export type DayRow = {
  readonly capacity: number;
  readonly price_under_3: string;
  readonly price_over_3: string;
  readonly price_adult: string;
  readonly group_percent: number;
  readonly open_time: string;
  readonly close_time: string;
  readonly time_zone: string;
  readonly weekday_rules: readonly Stored<WeekdayRule>[];
  readonly holiday_rule: Stored<DayRule> | null;
};

export const dayDefaultsOf = (parkId: string, row: DayRow): DayDefaults => ({
  parkId,
  capacity: row.capacity,
  priceUnder3Tyiyn: trustedSom(row.price_under_3),
  priceOver3Tyiyn: trustedSom(row.price_over_3),
  priceAdultTyiyn: trustedSom(row.price_adult),
  groupPercent: row.group_percent,
  openTime: row.open_time,
  closeTime: row.close_time,
  timeZone: row.time_zone,
  weekdayRules: row.weekday_rules.map(weekdayRuleOf),
  holidayRule: dayRuleOf(row.holiday_rule),
});
