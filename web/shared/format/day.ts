import type { Language } from '../i18n/language-list.ts';
import { language } from '../i18n/language.ts';

const ZONE = 'Asia/Bishkek';
const MS_A_DAY = 86_400_000;

/** Names of Kyrgyz months and days of the week: not every browser was built with Kyrgyz. */
const KY_MONTHS = [
  'январь',
  'февраль',
  'март',
  'апрель',
  'май',
  'июнь',
  'июль',
  'август',
  'сентябрь',
  'октябрь',
  'ноябрь',
  'декабрь',
];
const KY_WEEKDAYS = ['жекшемби', 'дүйшөмбү', 'шейшемби', 'шаршемби', 'бейшемби', 'жума', 'ишемби'];
const KY_SHORT_WEEKDAYS = ['жш', 'дш', 'шш', 'шр', 'бш', 'жм', 'иш'];

const LOCALES: Readonly<Record<Exclude<Language, 'ky'>, string>> = { ru: 'ru-KG', en: 'en-GB' };

/** Formatters by what they are made of: to make one takes longer than all that a page writes with it. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = made.get(key) ?? new Intl.DateTimeFormat(locale, options);
  made.set(key, format);
  return format;
}

/** Noon UTC of a date: no zone moves it to another day. */
const atNoon = (date: string): Date => new Date(`${date}T12:00:00Z`);

/** Today's date at the parks. */
export const today = (now: Date = new Date()): string => formatOf('en-CA', { timeZone: ZONE }).format(now);

/** The date some days later. */
export const plusDays = (date: string, days: number): string =>
  new Date(atNoon(date).getTime() + days * MS_A_DAY).toISOString().slice(0, 10);

/** 0 on Mondays to 6 on Sundays: weeks begin on Mondays here. */
export const weekdayOf = (date: string): number => (atNoon(date).getUTCDay() + 6) % 7;

/** A date with its day of the week: `чт, 26 ноября`, `бейшемби, 26-ноябрь`, `Thu 26 November`. */
export function shownDay(date: string): string {
  const moment = atNoon(date);
  if (language.value === 'ky') {
    return `${KY_WEEKDAYS[moment.getUTCDay()]}, ${moment.getUTCDate()}-${KY_MONTHS[moment.getUTCMonth()]}`;
  }
  return formatOf(LOCALES[language.value], {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'long',
  }).format(moment);
}

/** A month and its year: `ноябрь 2026 г.`, `2026-ж., ноябрь`, `November 2026`. */
export function shownMonth(date: string): string {
  const moment = atNoon(date);
  if (language.value === 'ky') return `${moment.getUTCFullYear()}-ж., ${KY_MONTHS[moment.getUTCMonth()]}`;
  return formatOf(LOCALES[language.value], { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(moment);
}

/** Short names of the days of the week, Monday first. */
export function shortWeekdays(): readonly string[] {
  if (language.value === 'ky') return [...KY_SHORT_WEEKDAYS.slice(1), ...KY_SHORT_WEEKDAYS.slice(0, 1)];
  const format = formatOf(LOCALES[language.value], { timeZone: 'UTC', weekday: 'short' });
  return Array.from({ length: 7 }, (_, index) => format.format(atNoon(plusDays('2024-01-01', index))));
}

/** An instant as people at the parks read it: date and time of 24 hours. */
export function shownInstant(instant: string): string {
  const moment = new Date(instant);
  const date = formatOf('en-CA', { timeZone: ZONE }).format(moment);
  return `${shownDay(date)}, ${shownTime(instant)}`;
}

/** The time of day at the parks, of 24 hours: `09:05`. */
export const shownTime = (instant: string): string =>
  formatOf('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
