import type { Tyiyn } from '../../kernel/money.ts';

/** What a visit earns: told when the first of a party has come in. */
export type VisitEarning = {
  readonly userId: string;
  readonly ticketId: string;
  /** Money paid for the ticket; points that were spent on it are none. */
  readonly paidTyiyn: Tyiyn;
  readonly visitedAtMs: number;
};
