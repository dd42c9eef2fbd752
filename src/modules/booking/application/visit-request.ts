import type { LocalDate } from '../../../kernel/time.ts';
import type { TicketType } from '../domain/ticket-messages.ts';

export type ChildInput =
  | { readonly childId: string }
  /** Null at the desk, where nobody asks for names. */
  | { readonly name: string | null; readonly age: number }
  | { readonly name: string; readonly birthDate: LocalDate };

export type VisitRequest = {
  /** Null when nobody is signed in; then children cannot be named by id. */
  readonly userId: string | null;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly ticketType: TicketType | undefined;
  readonly children: readonly ChildInput[];
  readonly adults: number;
  readonly promoCode?: string | undefined;
  /** Whole points to spend. */
  readonly points?: number | undefined;
  /** The pass that this is a visit of; it pays for all of it. */
  readonly passId?: string | undefined;
};
