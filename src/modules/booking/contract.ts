import type { Tyiyn } from '../../kernel/money.ts';
import type { LocalDate } from '../../kernel/time.ts';

export type TicketStatus = 'pending_payment' | 'active' | 'used' | 'expired' | 'cancelled' | 'refunded';

/** The age of a child on the day of the visit, as coarse as a gate needs it. */
export type AgeBand = '0-2' | '3-6' | '7-12' | '13-17';

/** A ticket as other modules may see it. */
export type TicketFacts = {
  readonly ticketId: string;
  readonly qrCode: string;
  /** Null for a ticket sold at the desk. */
  readonly userId: string | null;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly status: TicketStatus;
  readonly partySize: number;
  /** Money received for it; 0 while unpaid. */
  readonly paidTyiyn: Tyiyn;
  readonly children: readonly { readonly firstName: string | null; readonly ageBand: AgeBand }[];
  readonly createdAtMs: number;
  /** When gates let the party in, ms since 1970. */
  readonly validFromMs: number;
  readonly validUntilMs: number;
};

/** Published when a ticket was paid for; inner event of booking, stable for others. */
export type TicketActivated = {
  readonly type: 'TicketActivated';
  readonly data: {
    readonly ticketId: string;
    readonly userId: string | null;
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly places: number;
    /** Null for a ticket that costs nothing. */
    readonly paymentId: string | null;
    readonly paidTyiyn: Tyiyn;
    readonly activatedAtMs: number;
    /** The hold had expired when the money came, and a free place was taken again. */
    readonly retaken: boolean;
    /** Under the key of `userId`, or of the ticket when it has no owner. */
    readonly subjectId: string;
    readonly admissionCode: string | null;
  };
};
