/** The only source of time for application and flows. Milliseconds since 1970-01-01T00:00Z. */
export type Clock = { now(): number };

/** A calendar date `YYYY-MM-DD` without a time zone, years 1900 to 2999. Compare with `<` and `===`. */
export type LocalDate = string;

/** A wall-clock time of day, `HH:MM`, 00:00 to 23:59. */
export type LocalTime = string;

/** IANA name of the zone that the parks of the chain are in: whose date counts where no park is named. */
export const PARKS_TIME_ZONE = 'Asia/Bishkek';

/** How long before a park opens its gates let in, in milliseconds. */
export const GATES_OPEN_EARLY_MS = 60 * 60_000;

/** Questions that need the time-zone database; the adapter answers them. */
export type Zone = {
  /** The date on the wall of a place in `timeZone` (IANA name) at an instant. */
  dateAt(instantMs: number, timeZone: string): LocalDate;
  /** The instant at which it is `time` on `date` in `timeZone`. */
  instantOf(date: LocalDate, time: LocalTime, timeZone: string): number;
};

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MS_A_DAY = 86_400_000;

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const daysIn = (year: number, month: number): number => (month === 2 && isLeapYear(year) ? 29 : (DAYS[month - 1] ?? 0));

type DateParts = { readonly year: number; readonly month: number; readonly day: number };

/** Splits a date, or answers null when there is no such day (30 February, month 13, year 1899 or 3000). */
export function parseDate(text: string): DateParts | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const exists = year >= 1900 && year <= 2999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return exists ? { year, month, day } : null;
}

export const isLocalDate = (text: string): boolean => parseDate(text) !== null;

function parts(date: LocalDate): DateParts {
  const parsed = parseDate(date);
  if (parsed === null) throw new RangeError(`no such date: ${date}`);
  return parsed;
}

/** Days since 1970-01-01, after Howard Hinnant's "days from civil". */
export function epochDay(date: LocalDate): number {
  const { year, month, day } = parts(date);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  const z = epochDay(date) + days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex + (monthIndex < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** ISO weekday of a date: 1 Monday … 7 Sunday. */
export const weekday = (date: LocalDate): number => ((((epochDay(date) + 3) % 7) + 7) % 7) + 1;

/**
 * Whole years from `birthDate` to `onDate`. The birthday itself counts; whoever was born on 29 February has the
 * birthday on 1 March in common years. Negative when the birth lies ahead.
 */
export function ageOn(birthDate: LocalDate, onDate: LocalDate): number {
  const born = parts(birthDate);
  const on = parts(onDate);
  const leapling = born.month === 2 && born.day === 29 && !isLeapYear(on.year);
  const birthday = leapling ? { month: 3, day: 1 } : born;
  const reached = on.month > birthday.month || (on.month === birthday.month && on.day >= birthday.day);
  return on.year - born.year - (reached ? 0 : 1);
}

/** Whole days from `a` to `b`; negative when `b` is earlier. */
export const daysBetween = (a: LocalDate, b: LocalDate): number => epochDay(b) - epochDay(a);

export { MS_A_DAY };
