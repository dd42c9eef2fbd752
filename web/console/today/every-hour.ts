import type { HourLine } from './load-today.ts';

type Hour = Pick<HourLine, 'hour' | 'entered' | 'inside' | 'peak'>;

/** From the first hour in which somebody passed to the last one; an hour without passing keeps who was inside. */
export function everyHour(lines: readonly HourLine[]): readonly Hour[] {
  const byHour = new Map(lines.map((line) => [line.hour, line]));
  const hours = [...byHour.keys()].toSorted((a, b) => a - b);
  const [first, last] = [hours[0] ?? 0, hours.at(-1) ?? -1];
  let inside = 0;
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = first + index;
    const line = byHour.get(hour) ?? { hour, entered: 0, inside, peak: inside };
    ({ inside } = line);
    return line;
  });
}
