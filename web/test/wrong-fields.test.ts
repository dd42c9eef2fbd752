import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { compileValidator } from '../../src/infrastructure/http/validation.ts';
import { LANGUAGES } from '../shared/i18n/language-list.ts';
import { wrongFieldInWords } from '../shared/i18n/wrong-fields.ts';

const checked = compileValidator({
  ...Type.Object({
    name: Type.String({ minLength: 2, maxLength: 5 }),
    percent: Type.Integer({ minimum: 1, maximum: 99 }),
    phone: Type.String(),
    children: Type.Array(Type.Object({ birth_date: Type.String({ format: 'date' }) })),
  }),
});

const wordsFor = (value: unknown, locale: 'ru' | 'en' = 'ru') =>
  (checked(value) ?? []).map(({ path, message }) => wrongFieldInWords(path, message, locale));

test('what the node finds wrong with a field is said in the language of the reader', () => {
  expect(wordsFor({ name: 'А', percent: 0, children: [{ birth_date: 'вчера' }] })).toEqual([
    'Телефон: нужно заполнить',
    'Имя или название: не короче 2 знаков',
    'Процент: не меньше 1',
    'Дата рождения: проверьте это поле',
  ]);
  expect(wordsFor({ name: 'Айгерим', percent: 100, phone: '0555', children: [] }, 'en')).toEqual([
    'Name: at most 5 characters',
    'Percent: not more than 99',
  ]);
});

test('what nobody foresaw is still no English in another language', () => {
  for (const locale of LANGUAGES) {
    const words = wrongFieldInWords('scans.0.odd_one', 'must be odd', locale);
    expect(words).not.toMatch(/odd/);
    expect(/[a-z]/i.test(words)).toBe(locale === 'en');
  }
  expect(wrongFieldInWords('price', 'must be a sum such as 350.00', 'ky')).toMatch(/^Баасы: сумма/);
});
