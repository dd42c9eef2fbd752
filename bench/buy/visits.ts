import { PARK_ID } from '../harness/bench-park.ts';

const DAY_MS = 86_400_000;

/** Dates from tomorrow on, all within the time in which visits can be booked. */
export const datesAhead = (days: number, nowMs: number): readonly string[] =>
  Array.from({ length: days }, (_, index) => new Date(nowMs + (index + 1) * DAY_MS).toISOString().slice(0, 10));

/** What a family sends: two children, one by age and one by birth date, and a grown-up. */
export const visitBody = (date: string): string =>
  JSON.stringify({
    park_id: PARK_ID,
    visit_date: date,
    children: [
      { name: 'Алина', age: 5 },
      { name: 'Бек', birth_date: '2021-03-01' },
    ],
    adults: 1,
  });
