import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { VoidAsked } from '../contract.ts';
import { placeOf } from '../domain/ticket-messages.ts';
import type { TicketState } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';

/** Port: tickets of a park whose gates were asked and have not answered. */
export type AskedTickets = (parkId: string) => Promise<readonly string[]>;

type Question = Pick<VoidAsked['data'], 'ticketId' | 'parkId' | 'visitDate' | 'places' | 'why' | 'voidId'>;

/** What the gates of a park were asked and have not answered. */
export type OpenQuestions = (parkId: string) => Promise<readonly Question[]>;

type Dependencies = { readonly runner: CommandRunner; readonly askedTickets: AskedTickets };

/** In the order they were asked: of the day that a ticket has left, and of its end. */
function questionsOf({ terms, leaving, voiding }: TicketState): readonly Question[] {
  if (terms === null) return [];
  const place = placeOf(terms);
  return [
    ...(leaving === null
      ? []
      : [{ ...place, visitDate: leaving.from.visitDate, voidId: leaving.voidId, why: 'moved' as const }]),
    ...(voiding === null ? [] : [{ ...place, voidId: voiding.voidId, why: voiding.why }]),
  ];
}

export const createOpenQuestions =
  ({ runner, askedTickets }: Dependencies): OpenQuestions =>
  async (parkId) => {
    const asked = await Promise.all((await askedTickets(parkId)).map((ticketId) => runner.stateOf(ticket, ticketId)));
    return asked.flatMap(({ state }) => questionsOf(state));
  };
