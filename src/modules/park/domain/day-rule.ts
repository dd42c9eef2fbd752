import type { Tyiyn } from '../../../kernel/money.ts';
import { weekday, type LocalDate, type LocalTime } from '../../../kernel/time.ts';
import type { Holiday, ParkDay, RuleSource, Translated } from '../contract.ts';

/** What a kind of day has of its own; null leaves a part to the next rule. */
export type DayRule = {
  readonly closed: boolean | null;
  /** Both hours or neither. */
  readonly openTime: LocalTime | null;
  readonly closeTime: LocalTime | null;
  readonly priceUnder3Tyiyn: Tyiyn | null;
  readonly priceOver3Tyiyn: Tyiyn | null;
  readonly priceAdultTyiyn: Tyiyn | null;
};

/** `weekday`: 1 Monday to 7 Sunday. */
export type WeekdayRule = DayRule & { readonly weekday: number };

/** The rule of one date. */
export type DateRule = DayRule & {
  readonly reason: Translated | null;
  readonly dayQuota: number | null;
  /** For staff. */
  readonly note: string | null;
};

/** What holds on a day that no rule speaks of, and the rules of the park. */
export type DayDefaults = Pick<
  ParkDay,
  'parkId' | 'timeZone' | 'priceUnder3Tyiyn' | 'priceOver3Tyiyn' | 'priceAdultTyiyn' | 'groupPercent'
> & {
  readonly capacity: number;
  readonly openTime: LocalTime;
  readonly closeTime: LocalTime;
  readonly weekdayRules: readonly WeekdayRule[];
  readonly holidayRule: DayRule | null;
};

export type DayFacts = {
  readonly dateRule: DateRule | null;
  readonly holiday: Pick<Holiday, 'names' | 'certainty'> | null;
};

/** Prices a park may ask: the price of a hundred people still fits DECIMAL(10,2). */
export const HIGHEST_PRICE_TYIYN = 99_999_999n;
/** More people than any building lets in. */
export const MOST_PEOPLE = 100_000;

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
export const isTime = (text: string): boolean => TIME.test(text);

export const isPrice = (tyiyn: Tyiyn): boolean => tyiyn >= 0n && tyiyn <= HIGHEST_PRICE_TYIYN;

export const isTranslated = (text: Translated): boolean =>
  [text.ru, text.ky, text.en].every((one) => one.trim() !== '');

export const isEmptyRule = (rule: DayRule | DateRule): boolean =>
  Object.entries(rule).every(([name, value]) => name === 'weekday' || value === null);

export type RuleFault = { readonly field: keyof DateRule; readonly message: string };

/** What no rule can say; null when it is good. */
export function ruleFault(rule: DayRule): RuleFault | null {
  const { openTime, closeTime } = rule;
  if ((openTime === null) !== (closeTime === null)) return { field: 'closeTime', message: 'both hours or neither' };
  if (openTime !== null && closeTime !== null) {
    if (!isTime(openTime)) return { field: 'openTime', message: 'HH:MM' };
    if (!isTime(closeTime) || closeTime <= openTime) {
      return { field: 'closeTime', message: 'HH:MM, later than the opening on the same day' };
    }
    if (rule.closed === true) return { field: 'openTime', message: 'a closed day has no hours' };
  }
  for (const field of ['priceUnder3Tyiyn', 'priceOver3Tyiyn', 'priceAdultTyiyn'] as const) {
    const price = rule[field];
    if (price !== null && !isPrice(price)) return { field, message: 'from 0.00 to 999999.99 som' };
  }
  return null;
}

/** What the rule of a date cannot say. */
export function dateRuleFault(rule: DateRule): RuleFault | null {
  const { dayQuota, reason, closed } = rule;
  if (dayQuota !== null && !(Number.isInteger(dayQuota) && dayQuota >= 0 && dayQuota <= MOST_PEOPLE)) {
    return { field: 'dayQuota', message: `a whole number from 0 to ${MOST_PEOPLE}` };
  }
  if (reason !== null && closed !== true) return { field: 'reason', message: 'only a closed day has a reason' };
  if (reason !== null && !isTranslated(reason)) return { field: 'reason', message: 'in every language' };
  return ruleFault(rule);
}

/**
 * What a park offers on a date. Each part by itself: the rule of the date, else that of a public holiday, else that of the
 * weekday, else what the park says of every day.
 */
export function offerOf(park: DayDefaults, date: LocalDate, { dateRule, holiday }: DayFacts): ParkDay {
  const ofWeekday = park.weekdayRules.find((rule) => rule.weekday === weekday(date)) ?? null;
  const layers: readonly (readonly [RuleSource, DayRule | null])[] = [
    ['date', dateRule],
    ['holiday', holiday === null ? null : park.holidayRule],
    ['weekday', ofWeekday],
  ];
  function first<Value>(pick: (rule: DayRule) => Value | null, fallback: Value): readonly [Value, RuleSource] {
    for (const [source, rule] of layers) {
      const value = rule === null ? null : pick(rule);
      if (value !== null) return [value, source];
    }
    return [fallback, 'default'];
  }
  const hoursOf = ({
    openTime,
    closeTime,
  }: {
    readonly openTime: LocalTime | null;
    readonly closeTime: LocalTime | null;
  }) => (openTime === null || closeTime === null ? null : { openTime, closeTime });
  const [isClosed, closedBy] = first((rule) => rule.closed ?? (rule.openTime === null ? null : false), false);
  const [hours, hoursBy] = first(hoursOf, { openTime: park.openTime, closeTime: park.closeTime });
  const [priceUnder3Tyiyn, priceUnder3] = first((rule) => rule.priceUnder3Tyiyn, park.priceUnder3Tyiyn);
  const [priceOver3Tyiyn, priceOver3] = first((rule) => rule.priceOver3Tyiyn, park.priceOver3Tyiyn);
  const [priceAdultTyiyn, priceAdult] = first((rule) => rule.priceAdultTyiyn, park.priceAdultTyiyn);
  const dayQuota = dateRule?.dayQuota ?? null;
  return {
    parkId: park.parkId,
    date,
    timeZone: park.timeZone,
    hours: isClosed ? null : hours,
    closedReason: isClosed && closedBy === 'date' ? (dateRule?.reason ?? null) : null,
    dayQuota: dayQuota ?? park.capacity,
    priceUnder3Tyiyn,
    priceOver3Tyiyn,
    priceAdultTyiyn,
    groupPercent: park.groupPercent,
    holiday,
    from: {
      hours: isClosed ? closedBy : hoursBy,
      dayQuota: dayQuota === null ? 'default' : 'date',
      priceUnder3,
      priceOver3,
      priceAdult,
    },
  };
}
