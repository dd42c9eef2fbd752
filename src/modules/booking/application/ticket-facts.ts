import type { Tyiyn } from '../../../kernel/money.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { AgeBand, TicketStatus } from '../contract.ts';
import type { LeavingView, Tickets, TicketView } from './ticket-view.ts';

/** A ticket as other modules may see it. */
export type TicketFacts = {
  readonly ticketId: string;
  readonly qrCode: string;
  /** Null for a ticket sold at the desk. */
  readonly userId: string | null;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  /** The day that it was moved from; null when it never was. */
  readonly movedFrom: LocalDate | null;
  /** The same day and what goes back for it, while its gates have not said whether somebody came in on it; else null. */
  readonly leaving: LeavingView | null;
  readonly status: TicketStatus;
  /** Whether it was paid, or costs nothing. */
  readonly isPaid: boolean;
  readonly partySize: number;
  readonly priceTyiyn: Tyiyn;
  /** Money received for it that no move gives back, now or once the old day's gates have answered; 0 while unpaid. */
  readonly paidTyiyn: Tyiyn;
  /** Points that were spent on it; they are no money. */
  readonly pointsSpent: number;
  readonly children: readonly { readonly firstName: string | null; readonly ageBand: AgeBand }[];
  readonly createdAtMs: number;
  /** When gates let the party in, ms since 1970. */
  readonly validFromMs: number;
  readonly validUntilMs: number;
};
/** Tickets as gates need them: who may come in, without surnames, birth dates or prices. */
export type FindTicketFacts = {
  byId(ticketId: string): Promise<TicketFacts | null>;
  byQrCode(qrCode: string): Promise<TicketFacts | null>;
};

/** What of a name is shown to whoever need not know the rest. */
export const firstNameOf = (name: string | null): string | null => name?.trim().split(/\s+/u)[0] ?? null;

function toFacts(view: TicketView | null): TicketFacts | null {
  if (view === null) return null;
  const { ticketId, qrCode, userId, parkId, visitDate, movedFrom, status, createdAtMs, validFromMs, validUntilMs } =
    view;
  const { leaving } = view;
  return {
    ticketId,
    qrCode,
    userId,
    parkId,
    visitDate,
    movedFrom,
    leaving,
    status,
    isPaid: view.paidTyiyn > 0n || view.priceTyiyn === 0n,
    partySize: view.places,
    priceTyiyn: view.priceTyiyn,
    paidTyiyn: view.paidTyiyn - (leaving?.refundTyiyn ?? 0n),
    pointsSpent: view.pointsSpent,
    children: view.children.map(({ name, ageBand }) => ({ firstName: firstNameOf(name), ageBand })),
    createdAtMs,
    validFromMs,
    validUntilMs,
  };
}

export function createTicketFacts(tickets: Tickets): FindTicketFacts {
  return {
    byId: async (ticketId) => toFacts(await tickets.find(ticketId)),
    byQrCode: async (qrCode) => toFacts(await tickets.findByQrCode(qrCode)),
  };
}
