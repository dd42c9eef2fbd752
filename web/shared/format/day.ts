import { language } from '../i18n/language.ts';
import { DAY_WORDS } from './day-words.ts';

const MS_AN_HOUR = 3_600_000;
const MS_A_DAY = 24 * MS_AN_HOUR;

/** The parks are in Asia/Bishkek, six hours before Greenwich all year; a test asks the zone itself. */
const PARKS_AHEAD_MS = 6 * MS_AN_HOUR;

/** A moment that reads in UTC as clocks at the parks do. */
const atParks = (moment: Date): string => new Date(moment.getTime() + PARKS_AHEAD_MS).toISOString();

/** Noon UTC of a date: no zone moves it to another day. */
const atNoon = (date: string): Date => new Date(`${date}T12:00:00Z`);

/** Today's date at the parks. */
export const today = (now: Date = new Date()): string => atParks(now).slice(0, 10);

/** The date that an instant falls on at the parks. */
export const dayOf = (instant: string): string => today(new Date(instant));

/** The instant at which a day begins at the parks, as the API takes it. */
export const startOfDay = (date: string): string => `${date}T00:00:00+06:00`;

/** The date some days later. */
export const plusDays = (date: string, days: number): string =>
  new Date(atNoon(date).getTime() + days * MS_A_DAY).toISOString().slice(0, 10);

/** 0 on Mondays to 6 on Sundays: weeks begin on Mondays here. */
export const weekdayOf = (date: string): number => (atNoon(date).getUTCDay() + 6) % 7;

/** A date with its day of the week: `чт, 26 ноября`, `бейшемби, 26-ноябрь`, `Thu 26 November`. */
export function shownDay(date: string): string {
  const { weekdays, ofMonths } = DAY_WORDS[language.value];
  const moment = atNoon(date);
  const weekday = weekdays[moment.getUTCDay()];
  const day = moment.getUTCDate();
  const month = ofMonths[moment.getUTCMonth()];
  if (language.value === 'en') return `${weekday} ${day} ${month}`;
  return language.value === 'ky' ? `${weekday}, ${day}-${month}` : `${weekday}, ${day} ${month}`;
}

/** A date of a record or a ticket, which may be of another year, and then says so: `пт, 26 декабря 2025 г.`. */
export function shownDate(date: string, now: Date = new Date()): string {
  const day = shownDay(date);
  const year = date.slice(0, 4);
  if (year === today(now).slice(0, 4)) return day;
  if (language.value === 'ky') return day.replace(', ', `, ${year}-ж., `);
  return language.value === 'en' ? `${day} ${year}` : `${day} ${year}\u00A0г.`;
}

/** A month and its year: `ноябрь 2026 г.`, `2026-ж., ноябрь`, `November 2026`. */
export function shownMonth(date: string): string {
  const moment = atNoon(date);
  const month = DAY_WORDS[language.value].months[moment.getUTCMonth()];
  const year = moment.getUTCFullYear();
  if (language.value === 'en') return `${month} ${year}`;
  return language.value === 'ky' ? `${year}-ж., ${month}` : `${month} ${year}\u00A0г.`;
}

/** Short names of the days of the week, Monday first. */
export function shortWeekdays(): readonly string[] {
  const { shortWeekdays: names } = DAY_WORDS[language.value];
  return [...names.slice(1), ...names.slice(0, 1)];
}

/** An instant as people at the parks read it: date, with its year where it is another one, and time of 24 hours. */
export const shownInstant = (instant: string, now?: Date): string =>
  `${shownDate(dayOf(instant), now)}, ${shownTime(instant)}`;

/** The time of day at the parks, of 24 hours: `09:05`. */
export const shownTime = (instant: string): string => atParks(new Date(instant)).slice(11, 16);
