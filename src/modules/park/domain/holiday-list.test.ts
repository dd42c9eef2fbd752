import { expect, test } from 'vitest';
import { isLocalDate } from '../../../kernel/time.ts';
import type { Holiday } from '../contract.ts';
import { holidayList } from './holiday-list.ts';
import { PUBLIC_HOLIDAYS } from './public-holidays.ts';

const [first, second] = PUBLIC_HOLIDAYS as readonly [Holiday, Holiday];
const set = (holidays: readonly Holiday[], version = 0) =>
  holidayList.decide({ holidays, version }, holidayList.initial);

test('the list that the program brings along can be set as it is, and is in order', () => {
  expect(set(PUBLIC_HOLIDAYS.toReversed())).toEqual({
    ok: true,
    value: [{ type: 'HolidaysSet', data: { holidays: PUBLIC_HOLIDAYS } }],
  });
  expect(PUBLIC_HOLIDAYS.every(({ date }) => isLocalDate(date))).toBe(true);
});

test.each([2026, 2027])('the holidays that stand in the law are in the list of %i', (year) => {
  const fixed = PUBLIC_HOLIDAYS.filter(({ date, certainty }) => date.startsWith(`${year}`) && certainty === 'fixed');
  const days = ['01-01', '01-07', '03-08', '03-21', '05-01', '05-05', '05-09', '08-31'];
  expect(fixed.map(({ date }) => date.slice(5))).toEqual(days);
});

test('holidays by the moon are estimated until they are announced', () => {
  const byMoon = PUBLIC_HOLIDAYS.filter(({ names }) => names.ky.endsWith('айт'));
  expect(byMoon.map(({ date, certainty }) => `${date} ${certainty}`)).toEqual([
    '2026-03-20 announced',
    '2026-05-27 estimated',
    '2027-03-10 estimated',
    '2027-05-16 estimated',
  ]);
});

test.each<[string, readonly Holiday[], number]>([
  ['no holidays at all', [], 0],
  ['a date twice', [first, second, first], 2],
  ['no such date', [first, { ...second, date: '2027-02-29' }], 1],
  ['no name in one language', [{ ...first, names: { ...first.names, ky: ' ' } }], 0],
  ['no source', [{ ...first, source: ' ' }], 0],
])('a list cannot have %s', (_what, holidays, index) => {
  expect(set(holidays)).toMatchObject({ ok: false, refusal: { code: 'bad_holiday', index } });
});

test('a list is edited from its newest version only', () => {
  expect(set([first], 1)).toEqual({ ok: false, refusal: { code: 'version_moved' } });
});
