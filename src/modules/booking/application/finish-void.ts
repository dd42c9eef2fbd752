import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { comesBack, type PassRefusal } from '../domain/pass.ts';
import type { DayTerms, TicketRefusal, TicketTerms } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';
import { passSteps } from './pass-visits.ts';
import type { SignAdmissionCode } from './ports.ts';
import type { ParkToday } from './visit-day.ts';

/**
 * The gates of another node have answered: the ticket is cancelled, as it would have been on the day it was asked, or stays as
 * it is because somebody had come in. Of a day that it has left, that day is
 * free, or the ticket is for it again. Told twice, or of a question that is not open any more, it does nothing.
 */
export type FinishVoid = (
  answer: { readonly ticketId: string; readonly voidId: string; readonly denied: { readonly entered: number } | null },
  meta: CommandMeta,
) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly parkToday: ParkToday;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly clock: Clock;
};

export function createFinishVoid({ runner, parkToday, signAdmissionCode, clock }: Dependencies): FinishVoid {
  async function finishLeaving(
    { ticketId, ...answer }: Parameters<FinishVoid>[0],
    terms: TicketTerms,
    from: DayTerms,
    meta: CommandMeta,
  ): Promise<void> {
    const { parkId, places } = terms;
    const admissionCode = signAdmissionCode({ ticketId, parkId, partySize: places, ...from });
    const { visitDate } = from;
    const steps: readonly Step<TicketRefusal | PassRefusal>[] = [
      step(ticket, ticketId, { kind: 'end_leaving', ...answer, admissionCode, nowMs: clock.now() }),
      ...(answer.denied === null ? [] : passSteps(terms, { kind: 'move_back', ticketId, visitDate })),
    ];
    const done = await runner.runAll(steps, { ...meta, parkId });
    assert(done.ok, `the move of ticket ${ticketId} was refused as ${done.ok ? '' : done.refusal.code}`);
  }

  return async ({ ticketId, ...answer }, meta) => {
    const { terms, voiding, leaving } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms === null) return;
    if (leaving?.voidId === answer.voidId) return finishLeaving({ ticketId, ...answer }, terms, leaving.from, meta);
    if (voiding?.voidId !== answer.voidId) return;
    const { parkId, visitDate } = terms;
    const askedOn = await parkToday(parkId, voiding.askedAtMs);
    assert(askedOn, 'the park of a ticket exists');
    const isBack = answer.denied === null && comesBack(voiding.why, askedOn, visitDate);
    const steps: readonly Step<TicketRefusal | PassRefusal>[] = [
      step(ticket, ticketId, { kind: 'end_void', ...answer, nowMs: clock.now() }),
      ...(isBack ? passSteps(terms, { kind: 'return', ticketId }) : []),
    ];
    const done = await runner.runAll(steps, { ...meta, parkId });
    assert(done.ok, `the end of ticket ${ticketId} was refused as ${done.ok ? '' : done.refusal.code}`);
  };
}
