import { assert } from '../../../kernel/assert.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { ReceiptGood } from '../contract.ts';

/** What was sold, before discounts. */
export type SoldLine = { readonly name: string; readonly quantity: number; readonly amountTyiyn: Tyiyn };

/** `quantity` pieces for exactly `costTyiyn`: where it does not divide, some of them cost a tyiyn more. */
function pieces(name: string, quantity: number, costTyiyn: Tyiyn): readonly ReceiptGood[] {
  const count = BigInt(quantity);
  const dearer = Number(costTyiyn % count);
  const priceTyiyn = costTyiyn / count;
  const good = (howMany: number, price: Tyiyn): ReceiptGood => ({
    name,
    quantity: howMany,
    priceTyiyn: price,
    costTyiyn: price * BigInt(howMany),
  });
  return [good(quantity - dearer, priceTyiyn), good(dearer, priceTyiyn + 1n)].filter((one) => one.costTyiyn > 0n);
}

/**
 * The lines of a receipt over `totalTyiyn`: what was sold, each for its share of what was paid, so that discounts are spread in
 * proportion. They add up to the total to a tyiyn, and each costs its price times its quantity.
 * @param otherwise how to name it where nothing that was sold has a price
 */
export function goodsOf(totalTyiyn: Tyiyn, lines: readonly SoldLine[], otherwise: string): readonly ReceiptGood[] {
  assert(totalTyiyn > 0n, 'a receipt is about money');
  const priced = lines.filter(({ quantity, amountTyiyn }) => quantity > 0 && amountTyiyn > 0n);
  const weight = priced.reduce((sum, { amountTyiyn }) => sum + amountTyiyn, 0n);
  if (weight === 0n) return pieces(otherwise, 1, totalTyiyn);
  let [before, given] = [0n, 0n];
  return priced.flatMap(({ name, quantity, amountTyiyn }) => {
    before += amountTyiyn;
    const costTyiyn = (totalTyiyn * before) / weight - given;
    given += costTyiyn;
    return pieces(name, quantity, costTyiyn);
  });
}
