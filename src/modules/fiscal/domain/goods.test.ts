import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tyiyn } from '../../../kernel/money.ts';
import { goodsOf } from './goods.ts';

const child = (quantity: number, amountTyiyn: Tyiyn) => ({ name: 'Ребёнок от 3 лет', quantity, amountTyiyn });
const adult = (quantity: number, amountTyiyn: Tyiyn) => ({ name: 'Взрослый', quantity, amountTyiyn });
const sumOf = (goods: ReturnType<typeof goodsOf>): Tyiyn => goods.reduce((sum, { costTyiyn }) => sum + costTyiyn, 0n);

describe('the lines of a receipt', () => {
  test('are what was sold, when all of it was paid', () => {
    expect(goodsOf(95_000n, [child(2, 70_000n), adult(1, 25_000n)], 'Билет')).toEqual([
      { name: 'Ребёнок от 3 лет', quantity: 2, priceTyiyn: 35_000n, costTyiyn: 70_000n },
      { name: 'Взрослый', quantity: 1, priceTyiyn: 25_000n, costTyiyn: 25_000n },
    ]);
  });

  test('share a discount in proportion, and what does not divide is a tyiyn of a single piece', () => {
    expect(goodsOf(100_000n, [child(3, 105_000n)], 'Билет')).toEqual([
      { name: 'Ребёнок от 3 лет', quantity: 2, priceTyiyn: 33_333n, costTyiyn: 66_666n },
      { name: 'Ребёнок от 3 лет', quantity: 1, priceTyiyn: 33_334n, costTyiyn: 33_334n },
    ]);
  });

  test('name what is sold where nothing of it has a price', () => {
    expect(goodsOf(500n, [adult(2, 0n)], 'Билет')).toEqual([
      { name: 'Билет', quantity: 1, priceTyiyn: 500n, costTyiyn: 500n },
    ]);
  });

  test('add up to the total to a tyiyn, each at its price times its quantity, whatever was sold and paid', () => {
    const line = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      quantity: fc.integer({ min: 0, max: 50 }),
      amountTyiyn: fc.bigInt(0n, 10_000_000n),
    });
    fc.assert(
      fc.property(fc.bigInt(1n, 100_000_000n), fc.array(line, { maxLength: 8 }), (totalTyiyn, lines) => {
        const goods = goodsOf(totalTyiyn, lines, 'Билет');
        expect(sumOf(goods)).toBe(totalTyiyn);
        for (const { quantity, priceTyiyn, costTyiyn } of goods) {
          expect(quantity).toBeGreaterThan(0);
          expect(priceTyiyn > 0n && priceTyiyn * BigInt(quantity) === costTyiyn).toBe(true);
        }
      }),
    );
  });

  test('of returns in parts never take more of a line than was sold', () => {
    fc.assert(
      fc.property(fc.bigInt(2n, 1_000_000n), fc.integer({ min: 1, max: 99 }), (totalTyiyn, percent) => {
        const sold = goodsOf(totalTyiyn, [child(3, 105_000n), adult(2, 50_000n)], 'Билет');
        const part = (totalTyiyn * BigInt(percent)) / 100n + 1n;
        const returned = goodsOf(
          part,
          sold.map(({ costTyiyn, ...good }) => ({ ...good, amountTyiyn: costTyiyn })),
          '-',
        );
        expect(sumOf(returned)).toBe(part);
        const of = (goods: typeof sold, name: string) => sumOf(goods.filter((good) => good.name === name));
        for (const name of ['Ребёнок от 3 лет', 'Взрослый'])
          expect(of(returned, name) <= of(sold, name) + 1n).toBe(true);
      }),
    );
  });
});
