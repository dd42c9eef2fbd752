import type { Tyiyn } from '../../../kernel/money.ts';
import type { ReceiptTax } from '../contract.ts';

/** A rate as the register lists it. */
export type TaxRate = {
  readonly code: number;
  /** A whole number of percent. */
  readonly percent: number;
};

/** What an accountant says of our sales. */
export type TaxTerms = {
  readonly taxSystem: number;
  readonly itemCode: number;
  /** What a ticket is called on a receipt. */
  readonly goodsName: string;
  readonly vat: TaxRate;
  /** The rate depends on how it is paid. */
  readonly salesTaxInCash: TaxRate;
  readonly salesTaxCashless: TaxRate;
};

/**
 * The taxes in a total that contains them. Both are a part of the price before taxes, so the total is that price times one plus
 * both rates; each is rounded half up to a tyiyn.
 */
export function taxesIn(totalTyiyn: Tyiyn, isCash: boolean, terms: TaxTerms): readonly ReceiptTax[] {
  const salesTax = isCash ? terms.salesTaxInCash : terms.salesTaxCashless;
  const whole = BigInt(100 + terms.vat.percent + salesTax.percent);
  const part = ({ percent }: TaxRate): Tyiyn => (2n * totalTyiyn * BigInt(percent) + whole) / (2n * whole);
  return [
    { type: 'ST', code: salesTax.code, sumTyiyn: part(salesTax) },
    { type: 'VAT', code: terms.vat.code, sumTyiyn: part(terms.vat) },
  ];
}
