import type { LocalDate } from '../../../kernel/time.ts';
import type { VisitRequest } from './plan-visit.ts';

export type WaitlistStatus =
  | 'waiting'
  /** Places are held for the guest until `offeredUntilMs`; the ticket waits for its payment. */
  | 'offered'
  | 'fulfilled'
  /** The offer was not paid in time. */
  | 'missed'
  | 'left'
  /** The day came and there was no place. */
  | 'over';

/** A guest's place in the queue for a full day. */
export type WaitlistView = {
  readonly entryId: string;
  readonly userId: string;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly places: number;
  readonly status: WaitlistStatus;
  /** Parties that joined earlier and still wait; 0 for whoever does not wait. */
  readonly ahead: number;
  readonly ticketId: string | null;
  readonly offeredUntilMs: number | null;
  readonly joinedAtMs: number;
};

/** An entry with the party as the guest described it. */
export type HeldWaitlistEntry = WaitlistView & {
  readonly adults: number;
  readonly children: readonly (VisitRequest['children'][number] | null)[];
};

/** A party that waits, as it is offered places. */
export type WaitingParty = { readonly entryId: string; readonly places: number };

/** A day that somebody waits for. */
export type QueuedDay = { readonly parkId: string; readonly visitDate: LocalDate; readonly smallestParty: number };

/** Port: the read model of the waiting list. */
export type Waitlist = {
  find(entryId: string, today: LocalDate): Promise<WaitlistView | null>;
  /** Newest first. @param before only entries with a smaller id */
  ofUser(userId: string, today: LocalDate, before: string | null, limit: number): Promise<readonly WaitlistView[]>;
  /** The same with all that the guest wrote; what is sealed is null once the guest was erased. */
  heldOf(userId: string, today: LocalDate, before: string | null, limit: number): Promise<readonly HeldWaitlistEntry[]>;
  /** How many days a guest waits for. */
  waitingOf(userId: string, today: LocalDate): Promise<number>;
  /** Days from today on that somebody waits for. */
  queuedDays(today: LocalDate): Promise<readonly QueuedDay[]>;
  /** Who waits for a day, in the order they joined, largest parties left out when they do not fit. */
  waitingFor(parkId: string, date: LocalDate, mostPlaces: number, limit: number): Promise<readonly WaitingParty[]>;
  /** What a party asked for; null when it is gone or its guest was erased. */
  requestOf(entryId: string): Promise<(VisitRequest & { readonly userId: string }) | null>;
};
