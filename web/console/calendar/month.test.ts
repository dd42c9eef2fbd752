import { expect, test, vi } from 'vitest';

vi.stubGlobal('localStorage', { getItem: () => 'ru' });
const { firstOfMonth, monthOf, plusMonths } = await import('./month.ts');

test('months follow each other over the ends of years', () => {
  expect(firstOfMonth('2026-12-05')).toBe('2026-12-01');
  expect(plusMonths('2026-12-01', 1)).toBe('2027-01-01');
  expect(plusMonths('2027-01-01', -1)).toBe('2026-12-01');
  expect(plusMonths('2026-11-01', 14)).toBe('2028-01-01');
});

test('a month has all its days, and begins on its day of the week', () => {
  const { days, before } = monthOf('2028-02-01');
  expect([days.length, days[0], days.at(-1), before]).toEqual([29, '2028-02-01', '2028-02-29', 1]);
});
