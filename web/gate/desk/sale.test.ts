import { expect, test, vi } from 'vitest';

vi.stubGlobal('location', { origin: 'http://localhost' });
vi.stubGlobal('localStorage', { getItem: () => 'ru' });
const { changeOf, readSum } = await import('./sale.ts');

test.each([
  ['1500', '1500.00'],
  ['1 500,5', '1500.50'],
  ['0', '0.00'],
  ['12.34', '12.34'],
])('the sum %s is taken as %s', (typed, read) => {
  expect(readSum(typed)).toBe(read);
});

test.each(['', '-5', '1.234', 'abc', '1e3', '99999999999'])('%s is no sum', (typed) => {
  expect(readSum(typed)).toBeNull();
});

test('change is what was given beyond the price, to the tyiyn, and none while it is not enough', () => {
  expect(changeOf('350.00', '500.00')).toBe('150.00');
  expect(changeOf('0.30', '0.40')).toBe('0.10');
  expect(changeOf('350.00', '349.99')).toBeNull();
});
