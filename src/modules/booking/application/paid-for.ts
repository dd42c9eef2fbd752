import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { paidFor } from '../domain/leave-day.ts';
import { ticket } from '../domain/ticket.ts';

/** What stays paid for a ticket whose party came in on a day; 0 while it is unpaid, or cost nothing. */
export type PaidFor = (ticketId: string, visitDate: LocalDate) => Promise<Tyiyn>;

export const createPaidFor =
  ({ runner }: { readonly runner: CommandRunner }): PaidFor =>
  async (ticketId, visitDate) =>
    paidFor((await runner.stateOf(ticket, ticketId)).state, visitDate);
