import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BrokenInvariant } from '../../kernel/assert.ts';
import { parseInstant } from './value-types.ts';

test('an instant is read at any offset, rounded down to a millisecond', () => {
  expect(parseInstant('2026-11-23 18:00:00+00')).toBe(Date.parse('2026-11-23T18:00:00Z'));
  expect(parseInstant('2026-11-24 00:00:00.123999+06')).toBe(Date.parse('2026-11-23T18:00:00.123Z'));
  expect(parseInstant('2026-11-23 23:30:00.5+05:30')).toBe(Date.parse('2026-11-23T18:00:00.5Z'));
  expect(parseInstant('12026-01-01 00:00:00+00')).toBe(Date.parse('+012026-01-01T00:00:00Z'));
  expect([parseInstant('infinity'), parseInstant('-infinity')]).toEqual([Infinity, -Infinity]);
});

test('every millisecond from 1970 to 9999 survives', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (instantMs) => {
      const text = new Date(instantMs).toISOString().replace('T', ' ').replace('Z', '+00');
      return parseInstant(text) === instantMs;
    }),
  );
});

test.each(['', 'yesterday', '2026-11-23', '0044-03-15 12:00:00+00 BC', '2026-11-23 18:00:00'])(
  '%j is refused',
  (text) => {
    expect(() => parseInstant(text)).toThrow(BrokenInvariant);
  },
);
