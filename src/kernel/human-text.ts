import type { Tyiyn } from './money.ts';
import { parseDate, type LocalDate, type LocalTime } from './time.ts';

/*
 * Money and days as people read them. The tables are ours: what a runtime knows of Kyrgyz depends on how it was built and
 * changes with every release, it falls back to another language without a word, and names the som in ways nobody here does.
 */

/** Languages that people are answered in. */
export type Language = 'ru' | 'ky' | 'en';

const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  ru: 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' '),
  ky: 'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
};

/** Keeps a number together; a plain space in English, where this one would turn a text message into a costlier one. */
const NO_BREAK = '\u00A0';

/** `1 500 сом`, `1 500,50 сом`, `KGS 1,500.50`: tyiyn only where there are any. */
export function formatMoney(tyiyn: Tyiyn, language: Language): string {
  const magnitude = tyiyn < 0n ? -tyiyn : tyiyn;
  const sign = tyiyn < 0n ? '-' : '';
  const [thousands, point] = language === 'en' ? [',', '.'] : [NO_BREAK, ','];
  const som = (magnitude / 100n).toString().replaceAll(/\B(?=(\d{3})+$)/g, thousands);
  const rest = magnitude % 100n;
  const amount = `${sign}${som}${rest === 0n ? '' : `${point}${rest.toString().padStart(2, '0')}`}`;
  return language === 'en' ? `KGS ${amount}` : `${amount}${NO_BREAK}сом`;
}

/**
 * `5 декабря 2026 г.`, `2026-ж., 5-декабрь`, `5 December 2026`: never digits alone, whose order people read differently.
 * @throws RangeError when there is no such day
 */
export function formatDay(date: LocalDate, language: Language): string {
  const found = parseDate(date);
  if (found === null) throw new RangeError(`no such date: ${date}`);
  const { year, month, day } = found;
  const name = MONTHS[language][month - 1] ?? '';
  if (language === 'ru') return `${day} ${name} ${year}${NO_BREAK}г.`;
  return language === 'ky' ? `${year}-ж., ${day}-${name}` : `${day} ${name} ${year}`;
}

/** A day with a time of it on the 24-hour clock: `5 декабря 2026 г., 18:30`. */
export const formatDayAndTime = (date: LocalDate, time: LocalTime, language: Language): string =>
  `${formatDay(date, language)}, ${time}`;
