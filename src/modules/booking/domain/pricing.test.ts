import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ageOn } from '../../../kernel/time.ts';
import { mostPoints, NO_DISCOUNTS, priceOf, type Discounts, type Tariff } from './pricing.ts';

const tariff: Tariff = { priceUnder3Tyiyn: 15_000n, priceOver3Tyiyn: 35_000n, priceAdultTyiyn: 0n, groupPercent: 10 };
const ages = (count: number, age: number): number[] => Array.from({ length: count }, () => age);

describe('a child pays by its age on the day of the visit', () => {
  test.each([
    ['born three years ago today', '2023-12-05', '2026-12-05', 35_000n],
    ['three tomorrow', '2023-12-06', '2026-12-05', 15_000n],
    ['born on 29 February, on 28 February of a common year', '2024-02-29', '2027-02-28', 15_000n],
    ['born on 29 February, on 1 March of a common year', '2024-02-29', '2027-03-01', 35_000n],
    ['born on the day itself', '2026-12-05', '2026-12-05', 15_000n],
  ])('%s (%s, visit %s): %s tyiyn', (_who, birthDate, visitDate, totalTyiyn) => {
    expect(priceOf([ageOn(birthDate, visitDate)], 0, tariff).totalTyiyn).toBe(totalTyiyn);
  });
});

describe('lines', () => {
  test('one for each kind of person who comes, none for kinds who do not', () => {
    expect(priceOf([0, 2, 3, 17], 2, { ...tariff, priceAdultTyiyn: 20_000n })).toMatchObject({
      lines: [
        { kind: 'child_under_3', quantity: 2, unitTyiyn: 15_000n, amountTyiyn: 30_000n },
        { kind: 'child_over_3', quantity: 2, unitTyiyn: 35_000n, amountTyiyn: 70_000n },
        { kind: 'adult', quantity: 2, unitTyiyn: 20_000n, amountTyiyn: 40_000n },
      ],
      totalTyiyn: 140_000n,
    });
    expect(priceOf([5], 0, tariff).lines).toHaveLength(1);
  });

  test('adults come free unless the park asks for them, and are shown either way', () => {
    expect(priceOf([5], 3, tariff)).toMatchObject({
      lines: [{ kind: 'child_over_3' }, { kind: 'adult', quantity: 3, amountTyiyn: 0n }],
      totalTyiyn: 35_000n,
    });
  });
});

describe('what is taken off', () => {
  const off = (discounts: Partial<Discounts>, children = [5]) =>
    priceOf(children, 0, tariff, { ...NO_DISCOUNTS, ...discounts });

  test.each([
    ['half a tyiyn is rounded up', { tierPercent: 3 }, [35_050n], [33_998n]],
    [
      'a sum above the price leaves nothing, and no more',
      { promo: { percent: null, sumTyiyn: 99_999n } },
      [35_000n],
      [0n],
    ],
    [
      'a hundred percent leaves nothing to take the tier off',
      { promo: { percent: 100, sumTyiyn: null }, tierPercent: 10 },
      [35_000n],
      [0n],
    ],
    [
      'points come last',
      { promo: { percent: 10, sumTyiyn: null }, tierPercent: 10, pointsTyiyn: 100n },
      [35_000n],
      [28_250n],
    ],
  ] as const)('%s', (_what, discounts, [priceOver3Tyiyn], [totalTyiyn]) => {
    expect(priceOf([5], 0, { ...tariff, priceOver3Tyiyn }, { ...NO_DISCOUNTS, ...discounts }).totalTyiyn).toBe(
      totalTyiyn,
    );
  });

  test('comes in one order: group, promo code, tier, points', () => {
    const discounts = { promo: { percent: 10, sumTyiyn: null }, tierPercent: 5, pointsTyiyn: 100n };
    const { lines, totalTyiyn } = off(discounts, ages(10, 5));
    expect(lines.map(({ kind, amountTyiyn }) => [kind, amountTyiyn])).toEqual([
      ['child_over_3', 350_000n],
      ['group_discount', -35_000n],
      ['promo_code', -31_500n],
      ['tier_discount', -14_175n],
      ['points', -100n],
    ]);
    expect(totalTyiyn).toBe(269_225n);
  });
});

describe('groups', () => {
  test('ten children are a group, nine are not, and adults do not count', () => {
    expect(priceOf(ages(9, 5), 50, tariff).lines.map(({ kind }) => kind)).toEqual(['child_over_3', 'adult']);
    expect(priceOf(ages(10, 5), 0, tariff)).toMatchObject({
      lines: [
        { kind: 'child_over_3' },
        { kind: 'group_discount', quantity: 1, unitTyiyn: -35_000n, amountTyiyn: -35_000n },
      ],
      totalTyiyn: 315_000n,
    });
  });

  test('the discount is on the whole party, adults included', () => {
    const price = priceOf([...ages(9, 5), 2], 2, { ...tariff, priceAdultTyiyn: 10_000n });
    expect(price.totalTyiyn).toBe(((9n * 35_000n + 15_000n + 20_000n) * 90n) / 100n);
  });

  test.each([
    // 10 × 1.05 som = 10.50; 5 % of it is 52.5 tyiyn.
    [105n, 5, 53n],
    [104n, 5, 52n],
    [1n, 5, 1n],
    [0n, 10, 0n],
    [35_000n, 100, 350_000n],
  ])('ten children at %s tyiyn, %s %% off: %s tyiyn off, half a tyiyn up', (priceOver3Tyiyn, groupPercent, off) => {
    const { totalTyiyn } = priceOf(ages(10, 5), 0, { ...tariff, priceOver3Tyiyn, groupPercent });
    expect(10n * priceOver3Tyiyn - totalTyiyn).toBe(off);
  });

  test('a discount of nothing is not a line', () => {
    expect(priceOf(ages(10, 5), 0, { ...tariff, groupPercent: 0 }).lines).toHaveLength(1);
    expect(priceOf(ages(10, 5), 0, { ...tariff, priceOver3Tyiyn: 0n }).lines).toHaveLength(1);
  });
});

describe('any party at any tariff', () => {
  const amount = fc.bigInt({ min: 0n, max: 9_999_999_999n });
  const anyTariff = fc.record({
    priceUnder3Tyiyn: amount,
    priceOver3Tyiyn: amount,
    priceAdultTyiyn: amount,
    groupPercent: fc.integer({ min: 0, max: 100 }),
  });
  const anyAges = fc.array(fc.integer({ min: 0, max: 17 }), { minLength: 1, maxLength: 50 });
  const anyAdults = fc.nat({ max: 50 });

  test('the lines add up to the total, each is its quantity times its unit, everybody is on one, and nothing is negative', () => {
    fc.assert(
      fc.property(anyAges, anyAdults, anyTariff, (children, adults, given) => {
        const { lines, totalTyiyn } = priceOf(children, adults, given);
        expect(lines.reduce((sum, line) => sum + line.amountTyiyn, 0n)).toBe(totalTyiyn);
        expect(totalTyiyn).toBeGreaterThanOrEqual(0n);
        for (const line of lines) expect(line.amountTyiyn).toBe(line.unitTyiyn * BigInt(line.quantity));
        const people = lines.filter(({ kind }) => kind !== 'group_discount');
        expect(people.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(children.length + adults);
      }),
    );
  });

  test('the discount is within half a tyiyn of its percent', () => {
    fc.assert(
      fc.property(anyAges, anyAdults, anyTariff, (children, adults, given) => {
        const full = priceOf(children, adults, { ...given, groupPercent: 0 }).totalTyiyn;
        const off = full - priceOf(children, adults, given).totalTyiyn;
        const exact = children.length >= 10 ? full * BigInt(given.groupPercent) : 0n;
        expect(off * 100n - exact).toBeGreaterThanOrEqual(-49n);
        expect(off * 100n - exact).toBeLessThanOrEqual(50n);
      }),
    );
  });

  const anyDiscounts = fc.record({
    promo: fc.option(
      fc.oneof(
        fc.record({ percent: fc.integer({ min: 1, max: 100 }), sumTyiyn: fc.constant(null) }),
        fc.record({ percent: fc.constant(null), sumTyiyn: amount }),
      ),
    ),
    tierPercent: fc.integer({ min: 0, max: 100 }),
    pointsTyiyn: amount,
  });

  test('whatever is taken off, the lines add up to the total, the total is not negative, and every discount is one', () => {
    fc.assert(
      fc.property(anyAges, anyAdults, anyTariff, anyDiscounts, (children, adults, given, discounts) => {
        const { lines, totalTyiyn, beforePointsTyiyn } = priceOf(children, adults, given, discounts);
        expect(lines.reduce((sum, line) => sum + line.amountTyiyn, 0n)).toBe(totalTyiyn);
        expect(totalTyiyn).toBeGreaterThanOrEqual(0n);
        const points = lines.find(({ kind }) => kind === 'points')?.amountTyiyn ?? 0n;
        expect(beforePointsTyiyn + points).toBe(totalTyiyn);
        for (const { kind, amountTyiyn, unitTyiyn, quantity } of lines) {
          expect(amountTyiyn).toBe(unitTyiyn * BigInt(quantity));
          const isDiscount = ['group_discount', 'promo_code', 'tier_discount', 'points'].includes(kind);
          if (isDiscount) expect(amountTyiyn).toBeLessThan(0n);
        }
      }),
    );
  });

  test('points that may be spent never pay more than their share of what is left', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 100 }), (price, spendablePercent) => {
        const points = BigInt(mostPoints(price, { spendablePercent, pointTyiyn: 100n }));
        expect(points * 100n * 100n).toBeLessThanOrEqual(price * BigInt(spendablePercent));
        expect((points + 1n) * 100n * 100n).toBeGreaterThan(price * BigInt(spendablePercent));
      }),
    );
  });

  test('the order in which children are named does not matter', () => {
    fc.assert(
      fc.property(anyAges, anyAdults, anyTariff, (children, adults, given) => {
        expect(priceOf(children.toReversed(), adults, given)).toEqual(priceOf(children, adults, given));
      }),
    );
  });
});
