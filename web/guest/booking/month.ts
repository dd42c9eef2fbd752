import { plusDays, weekdayOf } from '../../shared/format/day.ts';

/** The first days of the months that a range of dates touches. */
export function monthsOf(from: string, to: string): readonly string[] {
  const months: string[] = [];
  for (let first = `${from.slice(0, 7)}-01`; first <= to; first = `${plusDays(first, 31).slice(0, 7)}-01`) {
    months.push(first);
  }
  return months;
}

/**
 * The dates of a month, week by week from Monday; null before its first one.
 * @param from weeks that end before this date are left out
 */
export function cellsOf(first: string, from: string): readonly (string | null)[] {
  const cells: (string | null)[] = Array.from({ length: weekdayOf(first) }, () => null);
  for (let date = first; date.slice(0, 7) === first.slice(0, 7); date = plusDays(date, 1)) cells.push(date);
  const monday = plusDays(from, -weekdayOf(from));
  return monday <= first ? cells : cells.slice(cells.indexOf(monday));
}
