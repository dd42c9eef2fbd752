import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, weekday } from '../../../kernel/time.ts';
import { calendarDay } from './calendar-day.ts';
import { dateRuleFault, offerOf, type DateRule, type DayDefaults, type DayRule } from './day-rule.ts';

const nothing: DayRule = {
  closed: null,
  openTime: null,
  closeTime: null,
  priceUnder3Tyiyn: null,
  priceOver3Tyiyn: null,
  priceAdultTyiyn: null,
};
const ofDate = (rule: Partial<DateRule>): DateRule => ({
  ...nothing,
  reason: null,
  dayQuota: null,
  note: null,
  ...rule,
});
const over3 = (priceOver3Tyiyn: bigint): DayRule => ({ ...nothing, priceOver3Tyiyn });
const names = { ru: 'Нооруз', ky: 'Нооруз', en: 'Nooruz' };
const holiday = { names, certainty: 'fixed' } as const;
const reason = { ru: 'Ремонт', ky: 'Оңдоо', en: 'Repairs' };

const park: DayDefaults = {
  parkId: 'ala-archa',
  timeZone: 'Asia/Bishkek',
  capacity: 300,
  priceUnder3Tyiyn: 15_000n,
  priceOver3Tyiyn: 35_000n,
  priceAdultTyiyn: 0n,
  groupPercent: 10,
  openTime: '10:00',
  closeTime: '20:00',
  weekdayRules: [{ ...over3(45_000n), weekday: 6, openTime: '09:00', closeTime: '22:00' }],
  holidayRule: over3(50_000n),
};
/** A Saturday and the Monday after it. */
const SATURDAY = '2026-12-05';
const MONDAY = '2026-12-07';

describe('what a price comes from', () => {
  test.each([
    { what: 'a plain day', date: MONDAY, dateRule: null, isHoliday: false, price: 35_000n, from: 'default' },
    { what: 'a Saturday', date: SATURDAY, dateRule: null, isHoliday: false, price: 45_000n, from: 'weekday' },
    { what: 'a holiday', date: MONDAY, dateRule: null, isHoliday: true, price: 50_000n, from: 'holiday' },
    {
      what: 'a holiday on a Saturday',
      date: SATURDAY,
      dateRule: null,
      isHoliday: true,
      price: 50_000n,
      from: 'holiday',
    },
    {
      what: 'a date with a rule on a holiday on a Saturday',
      date: SATURDAY,
      dateRule: ofDate({ priceOver3Tyiyn: 0n }),
      isHoliday: true,
      price: 0n,
      from: 'date',
    },
    {
      what: 'a date whose rule speaks of another price',
      date: SATURDAY,
      dateRule: ofDate({ priceUnder3Tyiyn: 1n }),
      isHoliday: false,
      price: 45_000n,
      from: 'weekday',
    },
    {
      what: '29 February, a Tuesday',
      date: '2028-02-29',
      dateRule: null,
      isHoliday: false,
      price: 35_000n,
      from: 'default',
    },
  ])('$what', ({ date, dateRule, isHoliday, price, from }) => {
    const offer = offerOf(park, date, { dateRule, holiday: isHoliday ? holiday : null });
    expect(offer.priceOver3Tyiyn).toBe(price);
    expect(offer.from.priceOver3).toBe(from);
  });

  test('a holiday without a rule of the park is named and changes nothing', () => {
    const offer = offerOf({ ...park, holidayRule: null }, MONDAY, { dateRule: null, holiday });
    expect(offer).toMatchObject({ priceOver3Tyiyn: 35_000n, holiday, from: { priceOver3: 'default' } });
  });
});

describe('whether a park is open', () => {
  const closed: DayRule = { ...nothing, closed: true };
  const closedOnMondays = { ...park, weekdayRules: [{ ...closed, weekday: 1 }] };
  test.each([
    { what: 'by default', rule: null, on: park, hours: { openTime: '10:00', closeTime: '20:00' }, from: 'default' },
    { what: 'not on a closed weekday', rule: null, on: closedOnMondays, hours: null, from: 'weekday' },
    {
      what: 'on a date that says so',
      rule: ofDate({ closed: false }),
      on: closedOnMondays,
      hours: { openTime: '10:00', closeTime: '20:00' },
      from: 'default',
    },
    {
      what: 'on a date with hours',
      rule: ofDate({ openTime: '12:00', closeTime: '15:00' }),
      on: closedOnMondays,
      hours: { openTime: '12:00', closeTime: '15:00' },
      from: 'date',
    },
    { what: 'not on a closed date', rule: ofDate({ closed: true, reason }), on: park, hours: null, from: 'date' },
  ])('$what', ({ rule, on, hours, from }) => {
    const offer = offerOf(on, MONDAY, { dateRule: rule, holiday: null });
    expect(offer.hours).toEqual(hours);
    expect(offer.from.hours).toBe(from);
    expect(offer.closedReason).toEqual(rule?.reason ?? null);
  });

  test('its holiday rule closes it on holidays only', () => {
    const shy = { ...park, holidayRule: closed };
    expect(offerOf(shy, MONDAY, { dateRule: null, holiday }).hours).toBeNull();
    expect(offerOf(shy, MONDAY, { dateRule: null, holiday: null }).hours).not.toBeNull();
  });
});

test('the quota is the capacity unless the date says otherwise, also when it says none', () => {
  const quotaOf = (dayQuota: number | null) => offerOf(park, MONDAY, { dateRule: ofDate({ dayQuota }), holiday: null });
  expect(quotaOf(null)).toMatchObject({ dayQuota: 300, from: { dayQuota: 'default' } });
  expect(quotaOf(0)).toMatchObject({ dayQuota: 0, from: { dayQuota: 'date' } });
});

test('a weekday rule holds on its weekday, in every year, leap years included', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 7 }), (days, day) => {
      const date = addDays('2026-01-01', days);
      const offer = offerOf({ ...park, weekdayRules: [{ ...over3(1n), weekday: day }] }, date, {
        dateRule: null,
        holiday: null,
      });
      expect(offer.priceOver3Tyiyn).toBe(weekday(date) === day ? 1n : 35_000n);
    }),
  );
});

describe('what the rule of a date cannot say', () => {
  test.each<[Partial<DateRule>, keyof DateRule]>([
    [{ openTime: '10:00' }, 'closeTime'],
    [{ openTime: '10:00', closeTime: '10:00' }, 'closeTime'],
    [{ openTime: '25:00', closeTime: '26:00' }, 'openTime'],
    [{ closed: true, openTime: '10:00', closeTime: '20:00' }, 'openTime'],
    [{ priceUnder3Tyiyn: -1n }, 'priceUnder3Tyiyn'],
    [{ priceAdultTyiyn: 100_000_000n }, 'priceAdultTyiyn'],
    [{ dayQuota: -1 }, 'dayQuota'],
    [{ dayQuota: 1.5 }, 'dayQuota'],
    [{ dayQuota: 100_001 }, 'dayQuota'],
    [{ reason }, 'reason'],
    [{ closed: true, reason: { ...reason, ky: ' ' } }, 'reason'],
  ])('%o', (rule, field) => {
    expect(dateRuleFault(ofDate(rule))).toMatchObject({ field });
  });

  test('all else is fine', () => {
    expect(dateRuleFault(ofDate({ closed: true, reason, dayQuota: 0, note: 'x', priceOver3Tyiyn: 0n }))).toBeNull();
  });
});

describe('a date in the calendar', () => {
  const where = { parkId: 'ala-archa', date: MONDAY };
  const rule = ofDate({ dayQuota: 5 });

  test('gets a rule, and loses it by one that says nothing', () => {
    const set = calendarDay.decide({ ...where, rule, version: 0 }, calendarDay.initial);
    expect(set).toEqual({ ok: true, value: [{ type: 'CalendarDaySet', data: { ...where, rule } }] });
    const state = { rule, version: 1 };
    const cleared = { ok: true, value: [{ type: 'CalendarDayCleared', data: where }] };
    expect(calendarDay.decide({ ...where, rule: ofDate({}), version: 1 }, state)).toEqual(cleared);
    expect(calendarDay.decide({ ...where, rule: null, version: 1 }, state)).toEqual(cleared);
    expect(calendarDay.decide({ ...where, rule: null, version: 0 }, calendarDay.initial)).toEqual({
      ok: true,
      value: [],
    });
  });

  test('is edited from its newest version only', () => {
    const refused = { ok: false, refusal: { code: 'version_moved' } };
    expect(calendarDay.decide({ ...where, rule, version: 0 }, { rule, version: 1 })).toEqual(refused);
    expect(calendarDay.decide({ ...where, rule: null, version: 2 }, { rule, version: 1 })).toEqual(refused);
  });
});
