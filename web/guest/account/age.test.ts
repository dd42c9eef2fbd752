import { expect, test } from 'vitest';
import { ageOn } from './age.ts';

test('a child turns a year older on the birthday, and one of 29 February on 1 March of common years', () => {
  expect(ageOn('2023-12-05', '2026-12-04')).toBe(2);
  expect(ageOn('2023-12-05', '2026-12-05')).toBe(3);
  expect(ageOn('2024-02-29', '2027-02-28')).toBe(2);
  expect(ageOn('2024-02-29', '2027-03-01')).toBe(3);
  expect(ageOn('2024-02-29', '2028-02-29')).toBe(4);
});
