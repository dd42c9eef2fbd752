import { MS_A_DAY, type Clock } from '../../../kernel/time.ts';
import { standingOf, type Standing } from '../domain/tiers.ts';
import type { Account, Accounts, FindFigures } from './ports.ts';

/** Guests are told this long ahead which points will lapse. */
const EXPIRING_AHEAD_MS = 90 * MS_A_DAY;

export type LoyaltyStanding = Account & Standing;

/** What a guest has, which tier that is, and what will be lost. */
export type ShowStanding = (userId: string) => Promise<LoyaltyStanding>;

export const createShowStanding =
  (accounts: Pick<Accounts, 'find'>, findFigures: FindFigures, clock: Clock): ShowStanding =>
  async (userId) => {
    const nowMs = clock.now();
    const [account, { tiers }] = await Promise.all([
      accounts.find(userId, nowMs, nowMs + EXPIRING_AHEAD_MS),
      findFigures(),
    ]);
    return { ...account, ...standingOf(account.tierPoints, tiers) };
  };
