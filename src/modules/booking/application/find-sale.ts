import type { TicketOfCommand, Tickets, TicketView } from './ticket-view.ts';

/**
 * The ticket of a sale at the desk that was told before under the same command id; null when there was none. It is as it
 * is now; `isCancelled`: it was given up since.
 */
export type FindSale = (
  commandId: string,
) => Promise<{ readonly ticket: TicketView; readonly isCancelled: boolean } | null>;

export const createFindSale =
  (ticketOfCommand: TicketOfCommand): FindSale =>
  async (commandId) => {
    const found = await ticketOfCommand(commandId);
    return found === null ? null : { ticket: found, isCancelled: found.cancelled !== null };
  };

/** A ticket that was sold at the desk, as it is now; null for one that is somebody's, or none. */
export type FindDeskTicket = (ticketId: string) => Promise<TicketView | null>;

export const createFindDeskTicket =
  (tickets: Pick<Tickets, 'find'>): FindDeskTicket =>
  async (ticketId) => {
    const found = await tickets.find(ticketId);
    return found?.userId === null ? found : null;
  };
