import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { addDays, ageOn, daysBetween, epochDay, isLeapYear, isLocalDate, parseDate, weekday } from './time.ts';

const FIRST = Temporal.PlainDate.from('1900-01-01');
const DAYS = FIRST.until('2999-12-31').days;
const dateAt = (day: number): string => FIRST.add({ days: day }).toString();
/** Any date the kernel accepts; the days around the end of February come often. */
const dates = fc.oneof(
  fc.integer({ min: 0, max: DAYS }).map(dateAt),
  fc
    .tuple(fc.integer({ min: 1900, max: 2999 }), fc.integer({ min: 57, max: 60 }))
    .map(([year, day]) => Temporal.PlainDate.from({ year, month: 1, day: 1 }).add({ days: day }).toString()),
);

describe('dates against Temporal', () => {
  test('a date is valid exactly when the calendar has it', () => {
    const two = fc.integer({ min: 0, max: 40 }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(fc.integer({ min: 1890, max: 3010 }), two, two, (year, month, day) => {
        let exists = year >= 1900 && year <= 2999;
        try {
          Temporal.PlainDate.from(`${year}-${month}-${day}`);
        } catch {
          exists = false;
        }
        return isLocalDate(`${year}-${month}-${day}`) === exists;
      }),
    );
  });

  test('epoch days and weekdays', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const oracle = Temporal.PlainDate.from(date);
        expect(epochDay(date)).toBe(Temporal.PlainDate.from('1970-01-01').until(oracle).days);
        expect(weekday(date)).toBe(oracle.dayOfWeek);
        expect(isLeapYear(oracle.year)).toBe(oracle.inLeapYear);
        expect(parseDate(date)).toEqual({ year: oracle.year, month: oracle.month, day: oracle.day });
      }),
    );
  });

  test('adding days, and the days between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAYS }), fc.integer({ min: 0, max: DAYS }), (from, to) => {
        expect(addDays(dateAt(from), to - from)).toBe(dateAt(to));
        expect(daysBetween(dateAt(from), dateAt(to))).toBe(to - from);
      }),
    );
  });

  test('age in whole years', () => {
    fc.assert(
      fc.property(dates, dates, (a, b) => {
        const [born, on] = a <= b ? [a, b] : [b, a];
        // Temporal, too, completes the year of a leapling on 1 March of common years.
        const years = Temporal.PlainDate.from(born).until(on, { largestUnit: 'years' }).years;
        expect(ageOn(born, on)).toBe(years);
      }),
    );
  });
});

describe('ages at the edges', () => {
  test('the birthday counts', () => {
    expect(ageOn('2020-06-15', '2023-06-14')).toBe(2);
    expect(ageOn('2020-06-15', '2023-06-15')).toBe(3);
  });

  test('who was born on 29 February turns on 1 March in common years and on the day itself in leap years', () => {
    expect(ageOn('2020-02-29', '2023-02-28')).toBe(2);
    expect(ageOn('2020-02-29', '2023-03-01')).toBe(3);
    expect(ageOn('2020-02-29', '2024-02-28')).toBe(3);
    expect(ageOn('2020-02-29', '2024-02-29')).toBe(4);
  });

  test('a birth that lies ahead is a negative age', () => {
    expect(ageOn('2026-11-24', '2026-11-23')).toBe(-1);
  });
});

describe('what is no date', () => {
  test.each([
    '',
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '1899-12-31',
    '3000-01-01',
    '2026-01-01\n',
  ])('%j is refused', (text) => {
    expect(parseDate(text)).toBeNull();
    expect(() => epochDay(text)).toThrow(RangeError);
  });
});
