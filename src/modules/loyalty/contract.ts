import type { Tyiyn } from '../../kernel/money.ts';

/** What a visit earns: told when the first of a party has come in. */
export type VisitEarning = {
  readonly userId: string;
  readonly ticketId: string;
  /** Money paid for the ticket; points that were spent on it are none. */
  readonly paidTyiyn: Tyiyn;
  readonly visitedAtMs: number;
};

/** What a guest may have off a price. */
export type GuestStanding = {
  /** What can be spent. */
  readonly points: number;
  readonly tierName: string;
  /** Percent off a ticket. */
  readonly tierPercent: number;
  /** What one spent point takes off. */
  readonly pointTyiyn: Tyiyn;
  /** Most of the price after promo code and tier that points may pay, 0 to 100. */
  readonly spendablePercent: number;
};

/** Points that a new ticket's price is lowered by, stored together with the ticket. */
export type PointsReservation = {
  readonly userId: string;
  readonly ticketId: string;
  /** Whole; with 0 nothing happens. */
  readonly points: number;
  readonly nowMs: number;
};

/** Money that went back for a ticket. */
export type TicketRefund = {
  readonly userId: string;
  readonly ticketId: string;
  readonly refundId: string;
  readonly refundedTyiyn: Tyiyn;
};
