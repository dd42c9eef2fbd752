import fc from 'fast-check';
import { expect, test } from 'vitest';
import { taxesIn, type TaxTerms } from './taxes.ts';

const terms = (vat: number, cash: number, cashless: number): TaxTerms => ({
  taxSystem: 0,
  itemCode: 1,
  goodsName: 'Билет',
  vat: { code: 7, percent: vat },
  salesTaxInCash: { code: 8, percent: cash },
  salesTaxCashless: { code: 9, percent: cashless },
});

test('both taxes are in the price; sales tax depends on how it was paid', () => {
  // 1000.00 before taxes, 12 % and 2 %, or 12 % and nothing.
  expect(taxesIn(114_000n, true, terms(12, 2, 0))).toEqual([
    { type: 'ST', code: 8, sumTyiyn: 2_000n },
    { type: 'VAT', code: 7, sumTyiyn: 12_000n },
  ]);
  expect(taxesIn(112_000n, false, terms(12, 2, 0))).toEqual([
    { type: 'ST', code: 9, sumTyiyn: 0n },
    { type: 'VAT', code: 7, sumTyiyn: 12_000n },
  ]);
});

test('a tax is half a tyiyn off at most, and both leave something of the price', () => {
  const percent = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(fc.bigInt(100n, 10_000_000n), percent, percent, (totalTyiyn, vat, cash) => {
      const [st, value] = taxesIn(totalTyiyn, true, terms(vat, cash, 0)).map(({ sumTyiyn }) => Number(sumTyiyn));
      const exact = (rate: number) => (Number(totalTyiyn) * rate) / (100 + vat + cash);
      expect(Math.abs((value ?? NaN) - exact(vat))).toBeLessThanOrEqual(0.5001);
      expect(Math.abs((st ?? NaN) - exact(cash))).toBeLessThanOrEqual(0.5001);
      expect((st ?? 0) + (value ?? 0)).toBeLessThan(Number(totalTyiyn));
    }),
  );
});
