import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { waitlistEntry, type WaitlistRefusal } from '../domain/waitlist-entry.ts';
import type { CancelTicket } from './cancel-ticket.ts';
import type { Tickets } from './ticket-view.ts';
import { releasedName } from './waiting-name.ts';

/** A guest waits no longer. Places that are held for an offer are free again. Told twice, it does nothing. */
export type LeaveWaitlist = (
  request: { readonly entryId: string; readonly userId: string },
  meta: CommandMeta,
) => Promise<Result<null, WaitlistRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly tickets: Pick<Tickets, 'find'>;
  readonly cancelTicket: CancelTicket;
  readonly clock: Clock;
};

export function createLeaveWaitlist({ runner, tickets, cancelTicket, clock }: Dependencies): LeaveWaitlist {
  /** A ticket that was paid meanwhile stays: whoever leaves the queue gives nothing back that is paid for. */
  async function giveUpOffer(ticketId: string, userId: string, meta: CommandMeta): Promise<void> {
    const held = await tickets.find(ticketId);
    if (held?.status !== 'pending_payment') return;
    const { commandId: _ofLeaving, ...context } = meta;
    await cancelTicket({ ticketId, why: 'guest', userId, reason: null }, context);
  }

  return async ({ entryId, userId }, meta) => {
    const { entry, status } = (await runner.stateOf(waitlistEntry, entryId)).state;
    if (entry === null || entry.userId !== userId) return refuse({ code: 'waitlist_entry_not_found' });
    const context = { ...meta, parkId: entry.parkId };
    const command = { kind: 'leave', userId, nowMs: clock.now() } as const;
    // The name of an entry that was offered places is given up already, and another entry may have it.
    const claims = status === 'waiting' ? releasedName(entry) : [];
    const first = await runner.run(waitlistEntry, entryId, command, context, { claims });
    // Offered places meanwhile, and the guest waits anew under the same name.
    const isOfAnother = !first.ok && first.refusal.code === 'claimed';
    const done = isOfAnother ? await runner.run(waitlistEntry, entryId, command, context) : first;
    if (!done.ok) return refuse(ownRefusal(done.refusal));
    const { offer } = done.value.state;
    if (offer !== null) await giveUpOffer(offer.ticketId, userId, context);
    return ok(null);
  };
}
