import { expect, test, vi } from 'vitest';

vi.stubGlobal('localStorage', { getItem: () => 'ru' });
const { byDay, daysOf } = await import('./days.ts');

test('a period has its first and its last day', () => {
  expect(daysOf('2026-12-30', '2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02']);
  expect(daysOf('2026-12-30', '2026-12-30')).toEqual(['2026-12-30']);
  expect(daysOf('2026-12-30', '2026-12-29')).toEqual([]);
});

test('lines of a day are joined, and a day without lines has nothing', () => {
  const lines = [
    { date: '2026-12-30', people: 2 },
    { date: '2027-01-01', people: 3 },
    { date: '2026-12-30', people: 5 },
  ];
  const days = daysOf('2026-12-30', '2027-01-01');
  expect(byDay(days, lines, ({ people }) => people)).toEqual([7, 0, 3]);
  expect(byDay(days, lines, ({ people }) => people, Math.max)).toEqual([5, 0, 3]);
});
