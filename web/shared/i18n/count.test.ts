import { expect, test } from 'vitest';
import { counted, formOf } from './count.ts';

test('a noun has the form that its number asks for', () => {
  const forms = { one: 'билет', few: 'билета', many: 'билетов', other: 'билета' };
  const shown = [0, 1, 2, 5, 11, 12, 14, 21, 22, 111, 1001].map((count) => counted('ru', count, forms));
  expect(shown.map((text) => text.replaceAll('\u00A0', ' '))).toEqual([
    '0 билетов',
    '1 билет',
    '2 билета',
    '5 билетов',
    '11 билетов',
    '12 билетов',
    '14 билетов',
    '21 билет',
    '22 билета',
    '111 билетов',
    '1 001 билет',
  ]);
});

test.each(['ru', 'ky', 'en'] as const)('the forms of %s are those of CLDR', (locale) => {
  const cldr = new Intl.PluralRules(locale);
  const counts = Array.from({ length: 1_250 }, (_, count) => count);
  expect(counts.filter((count) => formOf(locale, count) !== cldr.select(count))).toEqual([]);
});
