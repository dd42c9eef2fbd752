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

type DiscountKind = 'group_discount' | 'promo_code' | 'tier_discount' | 'points';

export type PriceLine = {
  readonly kind: 'child_under_3' | 'child_over_3' | 'adult' | 'pass' | DiscountKind;
  readonly quantity: number;
  readonly unitTyiyn: Tyiyn;
  /** Negative for a discount. */
  readonly amountTyiyn: Tyiyn;
};

export type Discounts = {
  /** Percent, or else a sum. */
  readonly promo: { readonly percent: number | null; readonly sumTyiyn: Tyiyn | null } | null;
  /** 0 to 100. */
  readonly tierPercent: number;
  /** What the points that are spent are worth. */
  readonly pointsTyiyn: Tyiyn;
};

export const NO_DISCOUNTS: Discounts = { promo: null, tierPercent: 0, pointsTyiyn: 0n };

export type Price = {
  readonly lines: readonly PriceLine[];
  readonly totalTyiyn: Tyiyn;
  /** What is left for points to pay a part of. */
  readonly beforePointsTyiyn: Tyiyn;
};

const sumOf = (lines: readonly PriceLine[]): Tyiyn => lines.reduce((sum, { amountTyiyn }) => sum + amountTyiyn, 0n);

const least = (one: Tyiyn, other: Tyiyn): Tyiyn => (one < other ? one : other);

/**
 * The price of a party, line by line: what the day costs, then the group discount, the promo code, the tier and the points,
 * each off what the one before left, half up to a tyiyn. The lines add up to the total, which is never below zero.
 * @param ages of the children on the day of the visit, in whole years
 */
export function priceOf(
  ages: readonly number[],
  adults: number,
  tariff: Tariff,
  { promo, tierPercent, pointsTyiyn }: Discounts = NO_DISCOUNTS,
): Price {
  const under = ages.filter((age) => age < FULL_PRICE_AGE).length;
  const line = (kind: PriceLine['kind'], quantity: number, unitTyiyn: Tyiyn): PriceLine[] =>
    quantity === 0 ? [] : [{ kind, quantity, unitTyiyn, amountTyiyn: unitTyiyn * BigInt(quantity) }];
  const lines = [
    ...line('child_under_3', under, tariff.priceUnder3Tyiyn),
    ...line('child_over_3', ages.length - under, tariff.priceOver3Tyiyn),
    ...line('adult', adults, tariff.priceAdultTyiyn),
  ];
  const takeOff = (kind: DiscountKind, wishedTyiyn: (leftTyiyn: Tyiyn) => Tyiyn): void => {
    const leftTyiyn = sumOf(lines);
    const offTyiyn = least(wishedTyiyn(leftTyiyn), leftTyiyn);
    if (offTyiyn > 0n) lines.push(...line(kind, 1, -offTyiyn));
  };
  if (ages.length >= GROUP_CHILDREN) takeOff('group_discount', (left) => percentOf(left, tariff.groupPercent));
  if (promo !== null) takeOff('promo_code', (left) => promo.sumTyiyn ?? percentOf(left, promo.percent ?? 0));
  takeOff('tier_discount', (left) => percentOf(left, tierPercent));
  const beforePointsTyiyn = sumOf(lines);
  takeOff('points', () => pointsTyiyn);
  return { lines, totalTyiyn: sumOf(lines), beforePointsTyiyn };
}

/** A visit of a pass was paid for with the pass. */
export const passPriceOf = (people: number): Price => ({
  lines: [{ kind: 'pass', quantity: people, unitTyiyn: 0n, amountTyiyn: 0n }],
  totalTyiyn: 0n,
  beforePointsTyiyn: 0n,
});

/** Whole points that may pay a part of a price. */
export const mostPoints = (
  beforePointsTyiyn: Tyiyn,
  { spendablePercent, pointTyiyn }: { readonly spendablePercent: number; readonly pointTyiyn: Tyiyn },
): number => Number((beforePointsTyiyn * BigInt(spendablePercent)) / (100n * pointTyiyn));
