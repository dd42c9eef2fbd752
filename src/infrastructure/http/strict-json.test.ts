import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthBySixteen } from '../../../test/support/least-times.ts';
import { MAX_JSON_DEPTH, parseStrictJson } from './strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('strict JSON', () => {
  test.each([
    ['two members with one name', '{"a":1,"a":2}'],
    ['two members whose names differ only in spelling', String.raw`{"a":1,"\u0061":2}`],
    ['a duplicate deep inside', '{"x":[{"y":{"a":1,"b":2,"a":3}}]}'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__ spelled with an escape', String.raw`{"\u005f_proto__":1}`],
    ['constructor inside', '{"a":{"constructor":{"prototype":{}}}}'],
    ['a NUL in a text', String.raw`{"a":"x\u0000y"}`],
    ['a NUL in a name', String.raw`{"a\u0000":1}`],
    ['half of a surrogate pair', String.raw`{"a":"\ud83d"}`],
    ['a reversed surrogate pair', String.raw`["\udf88\ud83c"]`],
    ['a byte order mark', '\uFEFF{}'],
    ['NaN', '{"a":NaN}'],
    ['Infinity', '[Infinity]'],
    ['a trailing comma', '{"a":1,}'],
    ['a comment', '{"a":1/*:*/}'],
    ['an unclosed text', '{"a":"'],
    ['a text ending in a backslash', '"\\'],
    ['a cut object', '{"a":'],
    ['two values', '{}{}'],
    ['a raw control character', '"\u0001"'],
    ['one level too many', nested(MAX_JSON_DEPTH + 1)],
  ])('refuses %s', (_what, text) => {
    expect(parse(text).ok).toBe(false);
  });

  test('refuses bytes that are not UTF-8, overlong and surrogate encodings included', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0xbd, 0x22],
    ]) {
      expect(parseStrictJson(Buffer.from(bytes)).ok).toBe(false);
    }
  });

  test.each([
    ['colons, braces and quotes in texts', String.raw`{"a:\"{[":"b:c\\","d":"}:"}`, { 'a:"{[': 'b:c\\', d: '}:' }],
    ['the same name in different objects', '{"a":{"a":[{"a":1},{"a":2}]}}', { a: { a: [{ a: 1 }, { a: 2 }] } }],
    ['an emoji, raw and escaped', String.raw`["🎈","\ud83c\udf88"]`, ['🎈', '🎈']],
    ['right-to-left override and zero width, which are text', '["a\u202Eb\u200B"]', ['a\u202Eb\u200B']],
    ['the deepest allowed nesting', nested(MAX_JSON_DEPTH), JSON.parse(nested(MAX_JSON_DEPTH))],
    ['a bare value', ' 12 ', 12],
    ['names that look like indices', '{"1":1,"01":2,"":3}', { '1': 1, '01': 2, '': 3 }],
    ['null', '[null,{"a":null}]', [null, { a: null }]],
  ])('accepts %s', (_what, text, value) => {
    expect(parse(text)).toEqual({ ok: true, value });
  });

  test('refuses more values than may be before it makes any, and never fewer', () => {
    const body = Buffer.from('{"a":[[],[],"x,[{",{"b":1,"c":2}],"d":null}');
    expect(parseStrictJson(body, 100).ok).toBe(true);
    expect(parseStrictJson(body, 12).ok).toBe(true);
    expect(parseStrictJson(body, 8)).toEqual({ ok: false, detail: 'The body holds more than 8 values.' });
  });

  test('accepts and keeps every well-formed value that JSON can say', () => {
    const safe = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !text.includes('\0') && !['__proto__', 'constructor', 'prototype'].includes(text));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        safe,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(safe, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (input) => {
        expect(parse(JSON.stringify(input))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(input)) });
      }),
    );
  });

  test('refuses every object in which one more member repeats a name', () => {
    const name = fc.stringMatching(/^[a-z":\\]{0,5}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.nat(3), (names, pick, wrap) => {
        const members = [...names, names[pick % names.length]].map((one, index) => `${JSON.stringify(one)}:${index}`);
        expect(parse(`${'{"w":['.repeat(wrap)}{${members.join()}}${']}'.repeat(wrap)}`).ok).toBe(false);
      }),
    );
  });

  test.each([
    ['empty arrays nested side by side', (size: number) => `[${`${nested(MAX_JSON_DEPTH - 1)},`.repeat(size / 64)}1]`],
    ['numbers', (size: number) => `[${'1,'.repeat(size / 2)}1]`],
    ['members of one name', (size: number) => `{${'"a":{},'.repeat(size / 8)}"a":1}`],
    [
      'members of many names',
      (size: number) => `{${Array.from({ length: size / 16 }, (_, at) => `"name${at}":{}`).join()}}`,
    ],
    ['escapes', (size: number) => `"${String.raw`\u0041`.repeat(size / 6)}"`],
    ['halves of surrogate pairs', (size: number) => `"${String.raw`\ud83c\udf88`.repeat(size / 12)}\\ud83c"`],
    ['arrays nested too deep', (size: number) => nested(size / 2)],
    ['brackets that nothing closes', (size: number) => `${'[]'.repeat(size / 2)}[`],
  ])('a hostile body of %s costs in proportion to its size, up to the largest', async (_what, bodyOf) => {
    const growth = await growthBySixteen(16 * 1024, (size) => {
      const bytes = Buffer.from(bodyOf(size));
      return () => parseStrictJson(bytes);
    });
    expect(growth).toBeLessThan(64);
  });
});
