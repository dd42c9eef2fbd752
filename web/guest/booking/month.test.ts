import { afterAll, describe, expect, test, vi } from 'vitest';
import { cellsOf, monthsOf } from './month.ts';

// The language of a page is read from its browser when it begins.
vi.hoisted(() => vi.stubGlobal('localStorage', { getItem: () => 'ru' }));
afterAll(() => void vi.unstubAllGlobals());

describe('months of a calendar', () => {
  test('are all that the days for sale touch', () => {
    expect(monthsOf('2026-11-26', '2027-02-24')).toEqual(['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']);
    expect(monthsOf('2026-01-31', '2026-02-01')).toEqual(['2026-01-01', '2026-02-01']);
    expect(monthsOf('2026-12-01', '2026-12-31')).toEqual(['2026-12-01']);
  });

  test('begin on Monday, with their first day below its name', () => {
    // 1 December 2026 is a Tuesday.
    expect(cellsOf('2026-12-01', '2026-11-26').slice(0, 3)).toEqual([null, '2026-12-01', '2026-12-02']);
    expect(cellsOf('2026-12-01', '2026-11-26').at(-1)).toBe('2026-12-31');
    expect(cellsOf('2027-02-01', '2026-11-26')).toHaveLength(28);
  });

  test('leave out weeks that are past, and none with a day to come', () => {
    expect(cellsOf('2026-11-01', '2026-11-26').at(0)).toBe('2026-11-23');
    expect(cellsOf('2026-12-01', '2026-12-03').slice(0, 2)).toEqual([null, '2026-12-01']);
    expect(cellsOf('2026-12-01', '2026-12-06').at(0)).toBeNull();
    expect(cellsOf('2026-12-01', '2026-12-07').at(0)).toBe('2026-12-07');
  });
});
