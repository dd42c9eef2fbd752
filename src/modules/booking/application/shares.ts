import { createFenceShares, type FenceShares } from './fence-shares.ts';
import { createGrantShares, type GrantShares } from './grant-shares.ts';
import { createHoldShare, type HoldShare } from './hold-share.ts';
import { createRecallTickets, type RecallTickets } from './recall-tickets.ts';
import { createRememberPlaces, type RememberPlaces } from './remember-places.ts';
import { createRememberSale, createRememberUsedSales } from './remember-sales.ts';
import type { RememberUsedSales, UsedUnsold } from './remember-sales.ts';

/** Places of days on their way to the parks' own nodes and back: headquarters' part, and that of a park. */
export type Shares = GrantShares &
  HoldShare &
  RememberPlaces & {
    readonly fenceSteps: FenceShares;
    readonly recallTickets: RecallTickets;
    readonly rememberUsedSales: RememberUsedSales;
  };

type Dependencies = Parameters<typeof createGrantShares>[0] &
  Parameters<typeof createHoldShare>[0] &
  Parameters<typeof createFenceShares>[0] &
  Parameters<typeof createRecallTickets>[0] &
  Parameters<typeof createRememberSale>[0] & { readonly usedUnsold: UsedUnsold };

export function createShares(dependencies: Dependencies): Shares {
  const rememberSale = createRememberSale(dependencies);
  return {
    ...createGrantShares(dependencies),
    ...createHoldShare(dependencies),
    ...createRememberPlaces({ ...dependencies, rememberSale }),
    rememberUsedSales: createRememberUsedSales(rememberSale, dependencies.usedUnsold),
    recallTickets: createRecallTickets(dependencies),
    fenceSteps: createFenceShares(dependencies),
  };
}
