import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { comesBack, type PassRefusal } from '../domain/pass.ts';
import type { TicketRefusal } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';
import { passSteps } from './pass-visits.ts';
import type { ParkToday } from './visit-day.ts';

/**
 * The gates of another node have answered: the ticket is cancelled, as it would have been on the day it was asked, or stays as
 * it is because somebody had come in. Told twice, or of a question that is not open any more, it does nothing.
 */
export type FinishVoid = (
  answer: { readonly ticketId: string; readonly voidId: string; readonly denied: { readonly entered: number } | null },
  meta: CommandMeta,
) => Promise<void>;

type Dependencies = { readonly runner: CommandRunner; readonly parkToday: ParkToday; readonly clock: Clock };

export const createFinishVoid =
  ({ runner, parkToday, clock }: Dependencies): FinishVoid =>
  async ({ ticketId, ...answer }, meta) => {
    const { terms, voiding } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms === null || voiding?.voidId !== answer.voidId) return;
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
