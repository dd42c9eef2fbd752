import { expect, test } from 'vitest';
import { amountOf, readSum } from './amount.ts';

test.each([
  ['1500', '1500.00'],
  ['1 500,5', '1500.50'],
  ['1\u00A0500', '1500.00'],
  ['0', '0.00'],
  ['12.34', '12.34'],
])('the sum %s is taken as %s', (typed, read) => {
  expect(readSum(typed)).toBe(read);
  expect(amountOf(typed)).toBe(read);
});

test.each(['-5', '1.234', 'abc', '1e3', '99999999999'])('%s is no sum, and is left to the node to refuse', (typed) => {
  expect(readSum(typed)).toBeNull();
  expect(amountOf(typed)).toBe(typed);
});

test('nothing typed is no sum', () => {
  expect([readSum(''), amountOf(''), amountOf('  ')]).toEqual([null, null, null]);
});
