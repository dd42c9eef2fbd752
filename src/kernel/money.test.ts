import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSom, parseSom, percentOf, trustedSom } from './money.ts';

const amounts = fc.bigInt({ min: 0n, max: 999_999_999_999n });

describe('amounts as text', () => {
  test('an amount survives being written and read', () => {
    fc.assert(fc.property(amounts, (tyiyn) => parseSom(formatSom(tyiyn)) === tyiyn));
  });

  test('a text of ours that is no amount is a bug, not an absent amount', () => {
    expect(trustedSom('350.00')).toBe(35_000n);
    expect(() => trustedSom('350')).toThrow('not an amount: 350');
  });

  test.each([
    [0n, '0.00'],
    [5n, '0.05'],
    [35_000n, '350.00'],
    [-5n, '-0.05'],
    [-12_345n, '-123.45'],
  ])('%s tyiyn is %s som', (tyiyn, text) => {
    expect(formatSom(tyiyn)).toBe(text);
  });

  test.each([
    '',
    '350',
    '350.0',
    '350.000',
    '.50',
    '01.00',
    '-1.00',
    '+1.00',
    '1e3.00',
    '1,00',
    ' 1.00',
    '1.00\n',
    '٣.٠٠',
  ])('%j is no amount', (text) => {
    expect(parseSom(text)).toBeNull();
  });

  test('more than ten digits before the point are refused', () => {
    expect(parseSom('9999999999.99')).toBe(999_999_999_999n);
    expect(parseSom('10000000000.00')).toBeNull();
  });
});

describe('percent of an amount', () => {
  test('half a tyiyn goes up', () => {
    expect([percentOf(50n, 1), percentOf(49n, 1), percentOf(150n, 1), percentOf(5n, 10)]).toEqual([1n, 0n, 2n, 1n]);
  });

  test('the result is the nearest whole tyiyn', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 100 }), (tyiyn, percent) => {
        const twiceError = 2n * (percentOf(tyiyn, percent) * 100n - tyiyn * BigInt(percent));
        return twiceError > -100n && twiceError <= 100n;
      }),
    );
  });

  test('nothing of it is nothing and all of it is itself', () => {
    fc.assert(fc.property(amounts, (tyiyn) => percentOf(tyiyn, 0) === 0n && percentOf(tyiyn, 100) === tyiyn));
  });

  test.each([-1, 101, 0.5, Number.NaN, Infinity])('%s percent is a RangeError', (percent) => {
    expect(() => percentOf(1n, percent)).toThrow(RangeError);
  });

  test('a negative amount is a RangeError', () => {
    expect(() => percentOf(-1n, 10)).toThrow(RangeError);
  });
});
