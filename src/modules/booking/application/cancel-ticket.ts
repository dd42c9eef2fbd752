import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { WhyCancelled } from '../contract.ts';
import { comesBack, type PassRefusal } from '../domain/pass.ts';
import type { TicketRefusal } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';
import { passSteps } from './pass-visits.ts';
import type { VoidAdmission } from './ports.ts';
import type { ParkToday } from './visit-day.ts';

export type CancelRefusal =
  | Extract<
      TicketRefusal,
      { readonly code: 'ticket_not_found' | 'ticket_not_cancellable' | 'only_staff_cancels_today' }
    >
  | { readonly code: 'already_admitted'; readonly entered: number };

export type CancelTicket = (
  request: {
    readonly ticketId: string;
    readonly why: WhyCancelled;
    /** Whose ticket a guest says it is; null for staff. */
    readonly userId: string | null;
    readonly reason: string | null;
    /** Only while it is held: money that came meanwhile keeps it. */
    readonly onlyHeld?: boolean;
  },
  meta: CommandMeta,
) => Promise<Result<null, CancelRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly voidAdmission: VoidAdmission;
  readonly parkToday: ParkToday;
  readonly clock: Clock;
};

/**
 * Ends a ticket and what it lets in, in one append: of a cancellation and a scan at the same moment exactly one wins, and the
 * places are free only once nobody can come in on them. A visit of a pass goes back to it. Told twice, it does nothing.
 */
export function createCancelTicket({ runner, voidAdmission, parkToday, clock }: Dependencies): CancelTicket {
  return async ({ ticketId, ...request }, meta) => {
    const { terms } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms === null) return refuse({ code: 'ticket_not_found' });
    const { parkId, visitDate, places } = terms;
    const nowMs = clock.now();
    const today = await parkToday(parkId, nowMs);
    assert(today, 'the park of a ticket exists');
    const { why } = request;
    const gates = { ticketId, parkId, visitDate, partySize: places, why, override: why === 'override', nowMs };
    // The ticket first: whose it is matters more than whether somebody came in.
    const steps: readonly Step<TicketRefusal | CancelRefusal | PassRefusal>[] = [
      step(ticket, ticketId, { kind: 'cancel', ...request, today, nowMs }),
      voidAdmission(gates),
      ...(comesBack(why, today, visitDate) ? passSteps(terms, { kind: 'return', ticketId }) : []),
    ];
    const done = await runner.runAll(steps, { ...meta, parkId });
    return done.ok ? ok(null) : refuse(only(CODES, done.refusal));
  };
}

const CODES = ['ticket_not_found', 'ticket_not_cancellable', 'only_staff_cancels_today', 'already_admitted'] as const;
