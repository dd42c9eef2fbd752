import type { Route } from '../../../infrastructure/http/route.ts';
import type { AcceptOffer } from '../application/accept-offer.ts';
import type { JoinWaitlist } from '../application/join-waitlist.ts';
import type { LeaveWaitlist } from '../application/leave-waitlist.ts';
import type { ShowWaitlist } from '../application/show-waitlist.ts';
import { acceptOfferRoute } from './accept-offer.ts';
import { getWaitlistEntryRoute } from './get-waitlist-entry.ts';
import { joinWaitlistRoute } from './join-waitlist.ts';
import { leaveWaitlistRoute } from './leave-waitlist.ts';
import { listWaitlistRoute } from './list-waitlist.ts';

type Waiting = {
  readonly join: JoinWaitlist;
  readonly show: ShowWaitlist;
  readonly leave: LeaveWaitlist;
  readonly accept: AcceptOffer;
};

/** Waiting for a place on a full day. */
export const waitlistRoutes = ({ join, show, leave, accept }: Waiting): readonly Route[] => [
  joinWaitlistRoute(join),
  listWaitlistRoute(show),
  getWaitlistEntryRoute(show),
  leaveWaitlistRoute(leave),
  acceptOfferRoute(accept),
];
