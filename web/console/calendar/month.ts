import { plusDays, weekdayOf } from '../../shared/format/day.ts';

/** The first day of the month of a date. */
export const firstOfMonth = (date: string): string => `${date.slice(0, 8)}01`;

/** The first day of a month some months later. */
export function plusMonths(first: string, months: number): string {
  const [year = 0, month = 0] = first.split('-').map(Number);
  const count = year * 12 + (month - 1) + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}-01`;
}

/** The days of a month, and how many places of its first week stay free before them. */
export function monthOf(first: string): { readonly days: readonly string[]; readonly before: number } {
  const next = plusMonths(first, 1);
  const days: string[] = [];
  for (let day = first; day < next; day = plusDays(day, 1)) days.push(day);
  return { days, before: weekdayOf(first) };
}
