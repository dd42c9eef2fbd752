import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenInvariant } from './assert.ts';
import { canonicalJson, isStorableText } from './canonical-json.ts';
import type { Json } from './event-store.ts';

describe('canonical JSON', () => {
  test('sorts members by UTF-16 code units, as the example of RFC 8785, section 3.2.3, has it', () => {
    const unsorted = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(unsorted)) as object)).toEqual([
      // JSON.parse moves the integer-like member to the front, so the text itself is looked at below.
      'One',
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(canonicalJson(unsorted).startsWith('{"\\r":"Carriage Return","1":"One","\u0080"')).toBe(true);
  });

  test('writes numbers and escapes as RFC 8785, section 3.2.2, has them', () => {
    const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0];
    expect(canonicalJson(numbers)).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
    expect(canonicalJson([null, true, false])).toBe('[null,true,false]');
  });

  test('is one text for equal data, and the data can be read back', () => {
    const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);
    const shuffled = (value: Json): Json => {
      if (value === null || typeof value !== 'object') return value;
      if (Array.isArray(value)) return value.map((item: Json) => shuffled(item));
      return Object.fromEntries(
        Object.entries(value as Record<string, Json>)
          .toReversed()
          .map(([key, item]) => [key, shuffled(item)]),
      );
    };
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(isStorableText(JSON.stringify(value).replaceAll(/\\u0000|\\ud[89a-f]../g, '\0')));
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });

  test.each([
    ['undefined', undefined],
    ['undefined in a member', { a: undefined }],
    ['NaN', { a: Number.NaN }],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a bigint', 1n],
    ['NUL', 'a\0b'],
    ['the first half of a pair alone', ['\ud83d']],
    ['the second half alone in a name', { '\ude00': 1 }],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(BrokenInvariant);
  });
});
