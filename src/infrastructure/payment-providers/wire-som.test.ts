import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWireSom, toWireSom, wireSomToTyiyn } from './wire-som.ts';
import type { WireSom } from './wire-som.ts';

describe('amounts in som on the wire', () => {
  test('1 050.50 som is the number 1050.5 and 105 050 tyiyn, never 105 050 som', () => {
    expect(toWireSom(105_050n)).toBe(1050.5);
    expect(JSON.stringify({ Amount: toWireSom(105_000n) })).toBe('{"Amount":1050}');
    const read: unknown = JSON.parse('1050.50');
    expect(isWireSom(read) && wireSomToTyiyn(read)).toBe(105_050n);
  });

  test('every amount survives the round trip exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 999_999_999_999n), (tyiyn) => {
        expect(wireSomToTyiyn(toWireSom(tyiyn))).toBe(tyiyn);
      }),
    );
  });

  test.each([-1, 0.001, 350.505, 1e21, Number.NaN, Infinity, '350', null, 10_000_000_000])(
    '%s is no amount in som',
    (value) => {
      expect(isWireSom(value)).toBe(false);
    },
  );

  test('neither tyiyn nor a plain number compiles where the wire wants som', () => {
    const amountTyiyn = 35_000n;
    // @ts-expect-error bigint tyiyn is not som
    const fromTyiyn: WireSom = amountTyiyn;
    // @ts-expect-error tyiyn as a number is not som either
    const fromNumber: WireSom = Number(amountTyiyn);
    // @ts-expect-error an amount from the wire is not tyiyn
    const back: bigint = toWireSom(amountTyiyn);
    expect([fromTyiyn, fromNumber, back]).toHaveLength(3);
  });
});
