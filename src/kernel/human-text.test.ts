import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDay, formatDayAndTime, formatMoney, type Language } from './human-text.ts';

const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

describe('money for people', () => {
  test.each<readonly [bigint, Language, string]>([
    [150_000n, 'ru', '1 500 сом'],
    [150_050n, 'ru', '1 500,50 сом'],
    [150_005n, 'ky', '1 500,05 сом'],
    [123_456_789_00n, 'ky', '123 456 789 сом'],
    [150_000n, 'en', 'KGS 1,500'],
    [99_999n, 'en', 'KGS 999.99'],
    [0n, 'ru', '0 сом'],
    [1n, 'en', 'KGS 0.01'],
    [-35_000n, 'ky', '-350 сом'],
  ])('%s tyiyn in %s is %s', (tyiyn, language, text) => {
    expect(plain(formatMoney(tyiyn, language))).toBe(text);
  });

  test('no amount is broken over two lines in Russian and Kyrgyz, and English keeps to plain characters', () => {
    expect(formatMoney(150_050n, 'ru')).not.toContain(' ');
    expect(formatMoney(150_050n, 'ky')).not.toContain(' ');
    expect(formatMoney(150_050n, 'en')).toMatch(/^[ -~]+$/);
  });

  test('every amount can be read back to the tyiyn', () => {
    const languages = fc.constantFrom<Language>('ru', 'ky', 'en');
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 12n), 10n ** 12n), languages, (tyiyn, language) => {
        const digits = formatMoney(tyiyn, language).replaceAll(language === 'en' ? /[^\d.-]/g : /[^\d,-]/g, '');
        const [som = '', rest = ''] = digits.replace('-', '').split(/[.,]/);
        const magnitude = BigInt(som) * 100n + BigInt(rest === '' ? '0' : rest);
        expect(digits.startsWith('-') ? -magnitude : magnitude).toBe(tyiyn);
      }),
    );
  });
});

describe('days for people', () => {
  test.each<readonly [string, Language, string]>([
    ['2026-12-05', 'ru', '5 декабря 2026 г.'],
    ['2026-12-05', 'ky', '2026-ж., 5-декабрь'],
    ['2026-12-05', 'en', '5 December 2026'],
    ['2024-02-29', 'ru', '29 февраля 2024 г.'],
    ['2026-05-01', 'ru', '1 мая 2026 г.'],
  ])('%s in %s is %s', (date, language, text) => {
    expect(plain(formatDay(date, language))).toBe(text);
  });

  test('a time is on the 24-hour clock in every language', () => {
    expect(plain(formatDayAndTime('2026-12-05', '18:30', 'ru'))).toBe('5 декабря 2026 г., 18:30');
    expect(plain(formatDayAndTime('2026-12-05', '18:30', 'ky'))).toBe('2026-ж., 5-декабрь, 18:30');
    expect(plain(formatDayAndTime('2026-12-05', '18:30', 'en'))).toBe('5 December 2026, 18:30');
  });

  test('a day that is none is not written', () => {
    expect(() => formatDay('2026-02-30', 'ru')).toThrow(RangeError);
  });
});
