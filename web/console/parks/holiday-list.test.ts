import { expect, test } from 'vitest';
import { withHoliday, without, type Holiday } from './holiday-list.ts';

const holiday = (date: string, name: string): Holiday => ({
  date,
  names: { ru: name, ky: name, en: name },
  certainty: 'fixed',
  source: 'Labour Code',
});

const list = [holiday('2027-01-07', 'Christmas'), holiday('2027-05-01', 'Labour Day')];
const datesOf = (holidays: readonly Holiday[]) => holidays.map(({ date, names }) => `${date} ${names.en}`);

test('a new holiday stands in the order of dates, and takes the place of another of its day', () => {
  expect(datesOf(withHoliday(list, holiday('2027-03-21', 'Nooruz'), null))).toEqual([
    '2027-01-07 Christmas',
    '2027-03-21 Nooruz',
    '2027-05-01 Labour Day',
  ]);
  expect(datesOf(withHoliday(list, holiday('2027-05-01', 'May Day'), null))).toEqual([
    '2027-01-07 Christmas',
    '2027-05-01 May Day',
  ]);
});

test('a holiday that moves leaves its day', () => {
  expect(datesOf(withHoliday(list, holiday('2027-01-08', 'Christmas'), '2027-01-07'))).toEqual([
    '2027-01-08 Christmas',
    '2027-05-01 Labour Day',
  ]);
  expect(datesOf(without(list, '2027-01-07'))).toEqual(['2027-05-01 Labour Day']);
});
