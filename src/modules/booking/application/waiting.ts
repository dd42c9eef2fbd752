import { createAcceptOffer } from './accept-offer.ts';
import { createJoinWaitlist } from './join-waitlist.ts';
import { createLeaveWaitlist } from './leave-waitlist.ts';
import { createShowWaitlist } from './show-waitlist.ts';

/** What those who wait for a full day can do. */
export const createWaiting = (
  needs: Parameters<typeof createJoinWaitlist>[0] &
    Parameters<typeof createShowWaitlist>[0] &
    Parameters<typeof createLeaveWaitlist>[0] &
    Parameters<typeof createAcceptOffer>[0],
) => ({
  join: createJoinWaitlist(needs),
  show: createShowWaitlist(needs),
  leave: createLeaveWaitlist(needs),
  accept: createAcceptOffer(needs),
});
