import { createFenceShares, type FenceShares } from './fence-shares.ts';
import { createGrantShares, type GrantShares } from './grant-shares.ts';
import { createHoldShare, type HoldShare } from './hold-share.ts';
import { createRecallTickets, type RecallTickets } from './recall-tickets.ts';
import { createRememberPlaces, type RememberPlaces } from './remember-places.ts';

/** Places of days on their way to the parks' own nodes and back: headquarters' part, and that of a park. */
export type Shares = GrantShares &
  HoldShare &
  RememberPlaces & { readonly fenceSteps: FenceShares; readonly recallTickets: RecallTickets };

type Dependencies = Parameters<typeof createGrantShares>[0] &
  Parameters<typeof createHoldShare>[0] &
  Parameters<typeof createFenceShares>[0] &
  Parameters<typeof createRecallTickets>[0];

export const createShares = (dependencies: Dependencies): Shares => ({
  ...createGrantShares(dependencies),
  ...createHoldShare(dependencies),
  ...createRememberPlaces(dependencies),
  recallTickets: createRecallTickets(dependencies),
  fenceSteps: createFenceShares(dependencies),
});
