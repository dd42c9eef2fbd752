import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { language } from '../i18n/language.ts';
import {
  dayOf,
  plusDays,
  shortWeekdays,
  shownDate,
  shownDay,
  shownInstant,
  shownMonth,
  shownTime,
  startOfDay,
  today,
} from './day.ts';

// The language of a page is read from its browser when it begins.
vi.hoisted(() => vi.stubGlobal('localStorage', { getItem: () => 'ru' }));
afterAll(() => void vi.unstubAllGlobals());
afterEach(() => void (language.value = 'ru'));

/** Every day of a leap year. */
const DAYS = Array.from({ length: 366 }, (_, index) => plusDays('2028-01-01', index));

/** Versions of `Intl` differ in which space stands before a year. */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ');

test.each(['ru', 'ky', 'en'] as const)('days and months are written in %s', (locale) => {
  language.value = locale;
  const written = [shownDay('2026-11-26'), shownMonth('2026-11-26'), shortWeekdays().join(' ')];
  expect(written.map(plain)).toEqual(
    {
      ru: ['чт, 26 ноября', 'ноябрь 2026 г.', 'пн вт ср чт пт сб вс'],
      ky: ['бейшемби, 26-ноябрь', '2026-ж., ноябрь', 'дш шш шр бш жм иш жш'],
      en: ['Thu 26 November', 'November 2026', 'Mon Tue Wed Thu Fri Sat Sun'],
    }[locale],
  );
});

test.each([
  ['ru', 'ru-KG'],
  ['en', 'en-GB'],
] as const)('every day of a year is written in %s as Intl writes it', (own, locale) => {
  language.value = own;
  const noon = (date: string): Date => new Date(`${date}T12:00:00Z`);
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'long' });
  const month = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' });
  const written = DAYS.map((date) => plain(`${shownDay(date)} ${shownMonth(date)}`));
  expect(written).toEqual(DAYS.map((date) => plain(`${day.format(noon(date))} ${month.format(noon(date))}`)));
});

test('days and times are those of the zone of the parks', () => {
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Bishkek', dateStyle: 'short', timeStyle: 'short' });
  const moments = DAYS.map((date, index) => new Date(Date.parse(`${date}T00:00:00Z`) + index * 237_000));
  const shown = moments.map((moment) => {
    const [year, month, day] = today(moment).split('-');
    return `${day}/${month}/${year}, ${shownTime(moment.toISOString())}`;
  });
  expect(shown).toEqual(moments.map((moment) => zone.format(moment)));
});

test('an evening in Greenwich is the next day at the parks', () => {
  const now = new Date('2026-12-31T17:59:59Z');
  expect(shownInstant('2026-11-26T18:05:00Z', now)).toBe('пт, 27 ноября, 00:05');
  expect(dayOf('2026-11-26T18:05:00Z')).toBe('2026-11-27');
  expect(today(new Date(startOfDay('2026-11-27')))).toBe('2026-11-27');
  expect(today(new Date(Date.parse(startOfDay('2026-11-27')) - 1))).toBe('2026-11-26');
});

test.each([
  ['ru', 'пт, 26 декабря 2025 г.', 'пт, 26 декабря 2025 г., 09:00'],
  ['ky', 'жума, 2025-ж., 26-декабрь', 'жума, 2025-ж., 26-декабрь, 09:00'],
  ['en', 'Fri 26 December 2025', 'Fri 26 December 2025, 09:00'],
] as const)('a date of another year says so in %s', (locale, day, instant) => {
  language.value = locale;
  const now = new Date('2026-01-02T00:00:00Z');
  expect([shownDate('2025-12-26', now), shownInstant('2025-12-26T03:00:00Z', now)].map(plain)).toEqual([day, instant]);
  expect(shownDate('2026-12-26', now)).toBe(shownDay('2026-12-26'));
});
