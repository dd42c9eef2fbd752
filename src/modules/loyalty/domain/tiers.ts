import { assert } from '../../../kernel/assert.ts';

export type Tier = {
  readonly name: string;
  /** Points earned within 12 months from which on it holds. */
  readonly minimumPoints: number;
  /** Percent off a ticket. */
  readonly discountPercent: number;
};

export type Standing = {
  readonly tier: Tier;
  /** Null on the highest tier. */
  readonly next: { readonly tier: Tier; readonly pointsMissing: number } | null;
};

/** The tier that so many points give. @param tiers in any order; one of them begins at 0 */
export function standingOf(tierPoints: number, tiers: readonly Tier[]): Standing {
  const rising = tiers.toSorted((a, b) => a.minimumPoints - b.minimumPoints);
  const tier = rising.findLast(({ minimumPoints }) => minimumPoints <= tierPoints);
  assert(tier, 'no tier begins at 0 points');
  const next = rising.find(({ minimumPoints }) => minimumPoints > tierPoints);
  return {
    tier,
    next: next === undefined ? null : { tier: next, pointsMissing: next.minimumPoints - tierPoints },
  };
}
