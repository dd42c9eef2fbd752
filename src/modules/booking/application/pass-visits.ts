import { step, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { pass, type PassCommand, type PassRefusal } from '../domain/pass.ts';
import type { TicketTerms } from '../domain/ticket-messages.ts';
import type { PassOwner } from './ports.ts';

export type { PassRefusal };

const CODES: readonly string[] = [
  'pass_not_found',
  'pass_not_valid',
  'pass_used_up',
  'pass_day_taken',
] satisfies readonly PassRefusal['code'][];

export const isPassRefusal = (refusal: { readonly code: string }): refusal is PassRefusal =>
  CODES.includes(refusal.code);

/** The pass's part in what happens to a ticket; none when the ticket is of no pass. */
export const passSteps = (
  { passId }: { readonly passId: string | null },
  command: PassCommand,
): readonly Step<PassRefusal>[] => (passId === null ? [] : [step(pass, passId, command)]);

export const bookingOf = ({
  ticketId,
  userId,
  parkId,
  visitDate,
  places,
}: Pick<TicketTerms, 'ticketId' | 'userId' | 'parkId' | 'visitDate' | 'places'>): PassCommand => ({
  kind: 'book',
  ticketId,
  userId,
  parkId,
  visitDate,
  people: places,
});

/** Why a pass would not give a visit now; null when it would. Books nothing. */
export type PassObstacle = (
  passId: string,
  visit: Omit<Parameters<typeof bookingOf>[0], 'ticketId'>,
) => Promise<PassRefusal | null>;

type Dependencies = { readonly runner: CommandRunner; readonly passOwner: PassOwner };

export const createPassObstacle =
  ({ runner, passOwner }: Dependencies): PassObstacle =>
  async (passId, visit) => {
    // First whether it is a pass at all: a guest may name anything.
    if ((await passOwner(passId)) !== visit.userId) return { code: 'pass_not_found' };
    const { state } = await runner.stateOf(pass, passId);
    const decided = pass.decide(bookingOf({ ...visit, ticketId: '' }), state);
    return decided.ok ? null : decided.refusal;
  };
