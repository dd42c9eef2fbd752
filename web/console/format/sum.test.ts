import { expect, test } from 'vitest';
import { sumOf } from './sum.ts';

test.each([
  [[], '0.00'],
  [['0.10', '0.20'], '0.30'],
  [['350.00', '-350.05'], '-0.05'],
  [['99999999999999.99', '0.01'], '100000000000000.00'],
])('%j is %s in all', (amounts, expected) => {
  expect(sumOf(amounts)).toBe(expected);
});
