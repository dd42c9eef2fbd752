import type { NewTicket, TicketOfCommand } from './ticket-view.ts';

/**
 * The ticket of a sale at the desk that was told before under the same command id; null when there was none. Its status says
 * whether it waits for money; `isCancelled`: it was given up since.
 */
export type FindSale = (
  commandId: string,
) => Promise<{ readonly ticket: NewTicket; readonly isCancelled: boolean } | null>;

export const createFindSale =
  (ticketOfCommand: TicketOfCommand): FindSale =>
  async (commandId) => {
    const found = await ticketOfCommand(commandId);
    if (found === null) return null;
    const status = found.status === 'pending_payment' ? 'pending_payment' : 'active';
    return { ticket: { ...found, status }, isCancelled: found.cancelled !== null };
  };
