import { percentOf, type Tyiyn } from '../../../kernel/money.ts';

/** From this age on a child pays the full price. */
const FULL_PRICE_AGE = 3;
/** From this many children on a party is a group. */
export const GROUP_CHILDREN = 10;

export type Tariff = {
  readonly priceUnder3Tyiyn: Tyiyn;
  readonly priceOver3Tyiyn: Tyiyn;
  readonly priceAdultTyiyn: Tyiyn;
  /** 0 to 100. */
  readonly groupPercent: number;
};

export type PriceLine = {
  readonly kind: 'child_under_3' | 'child_over_3' | 'adult' | 'group_discount';
  readonly quantity: number;
  readonly unitTyiyn: Tyiyn;
  /** Negative for a discount. */
  readonly amountTyiyn: Tyiyn;
};

export type Price = { readonly lines: readonly PriceLine[]; readonly totalTyiyn: Tyiyn };

/**
 * The price of a party, line by line; the lines add up to the total, which is never below zero.
 * @param ages of the children on the day of the visit, in whole years
 */
export function priceOf(ages: readonly number[], adults: number, tariff: Tariff): Price {
  const under = ages.filter((age) => age < FULL_PRICE_AGE).length;
  const line = (kind: PriceLine['kind'], quantity: number, unitTyiyn: Tyiyn): PriceLine[] =>
    quantity === 0 ? [] : [{ kind, quantity, unitTyiyn, amountTyiyn: unitTyiyn * BigInt(quantity) }];
  const lines = [
    ...line('child_under_3', under, tariff.priceUnder3Tyiyn),
    ...line('child_over_3', ages.length - under, tariff.priceOver3Tyiyn),
    ...line('adult', adults, tariff.priceAdultTyiyn),
  ];
  const discountTyiyn = ages.length >= GROUP_CHILDREN ? percentOf(total(lines), tariff.groupPercent) : 0n;
  if (discountTyiyn > 0n) {
    lines.push({ kind: 'group_discount', quantity: 1, unitTyiyn: -discountTyiyn, amountTyiyn: -discountTyiyn });
  }
  return { lines, totalTyiyn: total(lines) };
}

const total = (lines: readonly PriceLine[]): Tyiyn => lines.reduce((sum, { amountTyiyn }) => sum + amountTyiyn, 0n);
