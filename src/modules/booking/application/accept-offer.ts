import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { waitlistEntry, type WaitlistRefusal } from '../domain/waitlist-entry.ts';
import type { Tickets, TicketView } from './ticket-view.ts';

/** A guest takes what is offered: answers the ticket, which is then paid like any other. */
export type AcceptOffer = (
  request: { readonly entryId: string; readonly userId: string },
  meta: CommandMeta,
) => Promise<Result<TicketView, WaitlistRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly tickets: Pick<Tickets, 'find'>;
  readonly clock: Clock;
};

export function createAcceptOffer({ runner, tickets, clock }: Dependencies): AcceptOffer {
  return async ({ entryId, userId }, meta) => {
    const done = await runner.run(waitlistEntry, entryId, { kind: 'accept', userId, nowMs: clock.now() }, meta);
    if (!done.ok) return refuse(ownRefusal(done.refusal));
    const { offer } = done.value.state;
    assert(offer, 'an accepted entry has its offer');
    const view = await tickets.find(offer.ticketId);
    assert(view, 'an offered ticket is in the read model');
    return ok(view);
  };
}
