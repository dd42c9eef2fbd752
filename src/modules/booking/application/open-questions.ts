import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { VoidAsked } from '../contract.ts';
import { placeOf } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';

/** Port: tickets of a park whose gates were asked to end them and have not answered. */
export type AskedTickets = (parkId: string) => Promise<readonly string[]>;

/** What the gates of a park were asked and have not answered. */
export type OpenQuestions = (
  parkId: string,
) => Promise<readonly Pick<VoidAsked['data'], 'ticketId' | 'parkId' | 'visitDate' | 'places' | 'why' | 'voidId'>[]>;

type Dependencies = { readonly runner: CommandRunner; readonly askedTickets: AskedTickets };

export const createOpenQuestions =
  ({ runner, askedTickets }: Dependencies): OpenQuestions =>
  async (parkId) => {
    const asked = await Promise.all((await askedTickets(parkId)).map((ticketId) => runner.stateOf(ticket, ticketId)));
    return asked.flatMap(({ state: { terms, voiding } }) =>
      terms === null || voiding === null ? [] : { ...placeOf(terms), voidId: voiding.voidId, why: voiding.why },
    );
  };
