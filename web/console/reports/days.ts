import { plusDays } from '../../shared/format/day.ts';

/** All days of a period, its ends included. */
export function daysOf(from: string, to: string): readonly string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = plusDays(day, 1)) days.push(day);
  return days;
}

/** A figure a day, over all lines of that day; a day without lines has none of it. */
export function byDay<Line extends { readonly date: string }>(
  days: readonly string[],
  lines: readonly Line[],
  figure: (line: Line) => number,
  join: (a: number, b: number) => number = (a, b) => a + b,
): readonly number[] {
  const figures = new Map<string, number>();
  for (const line of lines) figures.set(line.date, join(figures.get(line.date) ?? 0, figure(line)));
  return days.map((day) => figures.get(day) ?? 0);
}
