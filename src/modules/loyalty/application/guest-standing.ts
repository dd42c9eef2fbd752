import type { GuestStanding } from '../contract.ts';
import { standingOf } from '../domain/tiers.ts';
import type { Accounts, FindFigures } from './ports.ts';

/** What a guest may have off a price at that moment. */
export type FindStanding = (userId: string, nowMs: number) => Promise<GuestStanding>;

export const createFindStanding =
  (accounts: Pick<Accounts, 'find'>, findFigures: FindFigures): FindStanding =>
  async (userId, nowMs) => {
    const [account, figures] = await Promise.all([accounts.find(userId, nowMs, nowMs), findFigures()]);
    const { tier } = standingOf(account.tierPoints, figures.tiers);
    return {
      points: account.points,
      tierName: tier.name,
      tierPercent: tier.discountPercent,
      pointTyiyn: figures.worthTyiyn,
      spendablePercent: figures.spendablePercent,
    };
  };
