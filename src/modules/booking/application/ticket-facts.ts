import type { TicketFacts } from '../contract.ts';
import type { Tickets, TicketView } from './ticket-view.ts';

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
  return {
    ticketId,
    qrCode,
    userId,
    parkId,
    visitDate,
    movedFrom,
    status,
    isPaid: view.paidTyiyn > 0n || view.priceTyiyn === 0n,
    partySize: view.places,
    priceTyiyn: view.priceTyiyn,
    paidTyiyn: view.paidTyiyn,
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
