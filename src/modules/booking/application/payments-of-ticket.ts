import type { CommandRunner } from '../../../kernel/command-runner.ts';
import { ticket } from '../domain/ticket.ts';

/** What a ticket was paid by: its price, and what a dearer day cost more. */
export type PaymentsOfTicket = (ticketId: string) => Promise<readonly string[]>;

export const createPaymentsOfTicket =
  ({ runner }: { readonly runner: CommandRunner }): PaymentsOfTicket =>
  async (ticketId) => {
    const { paymentId, difference } = (await runner.stateOf(ticket, ticketId)).state;
    return [...(paymentId === null ? [] : [paymentId]), ...(difference === null ? [] : [difference.paymentId])];
  };
