import { expect, test } from 'vitest';
import { everyHour } from './every-hour.ts';
import type { HourLine } from './load-today.ts';

const line = (hour: number, entered: number, inside: number, peak: number): HourLine => ({
  date: '2026-12-05',
  park_id: 'osh',
  hour,
  entered,
  left: 0,
  inside,
  peak,
});

test('an hour in which nobody passed keeps who was inside', () => {
  const hours = everyHour([line(14, 2, 9, 9), line(11, 7, 7, 8)]);
  expect(hours.map(({ hour, entered, peak }) => [hour, entered, peak])).toEqual([
    [11, 7, 8],
    [12, 0, 7],
    [13, 0, 7],
    [14, 2, 9],
  ]);
});

test('a day on which nobody passed has no hours', () => {
  expect(everyHour([])).toEqual([]);
});
