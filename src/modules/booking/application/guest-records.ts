import type { Passes } from './passes.ts';
import type { Tickets } from './ticket-view.ts';
import type { Waitlist } from './waitlist.ts';

/** What is held about a guest, for other parts of the program. */
export type GuestRecords = {
  readonly tickets: Pick<Tickets, 'ofUser'>;
  readonly passes: Pick<Passes, 'ofUser'>;
  readonly waitlist: Pick<Waitlist, 'heldOf'>;
  readonly counts: GuestCounts;
};

/** Port: what a guest has, without reading it. */
export type GuestCounts = {
  ticketIds(userId: string): Promise<readonly string[]>;
  /** How many tickets the guest ever had. */
  tickets(userId: string): Promise<number>;
  /** Whether the guest ever had a pass or a ticket. Places that were held and never paid for are none. */
  hasVisits(userId: string): Promise<boolean>;
};
