import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64url, toBase64url } from './base64url.ts';

const asBuffer = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

describe('base64url', () => {
  test('any bytes are written as Node writes them, and read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = toBase64url(bytes);
        expect(text).toBe(asBuffer(bytes));
        expect(fromBase64url(text)).toEqual(bytes);
      }),
    );
  });

  test('what can be read is exactly what would be written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: fc.constantFrom(...'ABCxyz019-_+/= \n') }), (text) => {
        const bytes = fromBase64url(text);
        expect(bytes === null ? null : toBase64url(bytes)).toBe(bytes === null ? null : text);
      }),
    );
  });

  test.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'AA+A', 'AA/A', 'AAA A', 'AAÄA', '🎈🎈'])('%j is refused', (text) => {
    expect(fromBase64url(text)).toBeNull();
  });
});
