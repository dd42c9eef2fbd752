import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byThrees } from './digits.ts';

test('digits stand by threes, from the point outwards and never after it', () => {
  const shown = ['0', '-1', '999', '1000', '-1000', '1234567.5', '0.25', '100.125'].map((text) => [
    byThrees(text, 'ru'),
    byThrees(text, 'en'),
  ]);
  expect(shown).toEqual([
    ['0', '0'],
    ['-1', '-1'],
    ['999', '999'],
    ['1\u00A0000', '1,000'],
    ['-1\u00A0000', '-1,000'],
    ['1\u00A0234\u00A0567,5', '1,234,567.5'],
    ['0,25', '0.25'],
    ['100,125', '100.125'],
  ]);
  expect(byThrees('1000', 'ky')).toBe(byThrees('1000', 'ru'));
});

test('whole numbers and sums look as Intl writes them where it knows the language', () => {
  const english = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
  const russian = new Intl.NumberFormat('ru-KG', { maximumFractionDigits: 2 });
  fc.assert(
    fc.property(fc.integer({ min: -1e15, max: 1e15 }), (value) => {
      expect(byThrees(String(value), 'en')).toBe(english.format(value));
      expect(byThrees(String(value), 'ru')).toBe(russian.format(value));
    }),
  );
});
