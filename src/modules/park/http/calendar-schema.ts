import { Type } from 'typebox';
import type { Language } from '../../../infrastructure/http/error-table.ts';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { nullable, oneOf } from '../../../infrastructure/http/schemas.ts';
import type { DayAvailability } from '../application/availability.ts';
import { dayExample, dayFields, toDay } from './availability.ts';
import { DateRuleBody, fromDateRule } from './rule-schema.ts';

const source = oneOf(['date', 'holiday', 'weekday', 'default']);

export const CalendarDay = Type.Object(
  {
    ...dayFields,
    from: Type.Object(
      { hours: source, capacity: source, price_under_3: source, price_over_3: source, price_adult: source },
      { description: 'What each part comes from: the rule of the date, of holidays, of the weekday, or of the park' },
    ),
    holiday_certainty: nullable(oneOf(['fixed', 'announced', 'estimated'])),
    rule: nullable(DateRuleBody),
    etag: Type.String({ description: 'To send as If-Match when the rule of the date is changed', example: '"1"' }),
  },
  { $id: 'CalendarDay' },
);

export const ruleExample = {
  closed: true,
  reason: { ru: 'Ремонт', ky: 'Оңдоо', en: 'Repairs' },
  note: 'The ropes are replaced',
};

const stored = {
  ...ruleExample,
  open_time: null,
  close_time: null,
  price_under_3: null,
  price_over_3: null,
  price_adult: null,
  day_quota: null,
};

export const calendarDayExample = {
  ...dayExample,
  open: false,
  open_time: null,
  close_time: null,
  remaining: 0,
  reason: 'Repairs',
  from: {
    hours: 'date',
    capacity: 'default',
    price_under_3: 'default',
    price_over_3: 'weekday',
    price_adult: 'default',
  },
  holiday_certainty: null,
  rule: stored,
  etag: '"2"',
};

/** A date that has no rule yet is at version 1 towards editors, so that the first rule has a tag to name, too. */
export const ruleTag = (version: number): string => entityTag(version + 1);
export const ruleVersion = (ifMatch: number): number => ifMatch - 1;

export const toCalendarDay = (day: DayAvailability, language: Language) => {
  const { dayQuota: capacity, hours, priceUnder3, priceOver3, priceAdult } = day.from;
  return {
    ...toDay(day, language),
    from: { hours, capacity, price_under_3: priceUnder3, price_over_3: priceOver3, price_adult: priceAdult },
    holiday_certainty: day.holiday?.certainty ?? null,
    rule: day.own.rule === null ? null : fromDateRule(day.own.rule),
    etag: ruleTag(day.own.version),
  };
};
