import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import { assert } from '../../../kernel/assert.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket } from '../domain/ticket.ts';
import type { TicketRefusal } from '../domain/ticket-messages.ts';

export type Payable = { readonly parkId: string; readonly amountTyiyn: Tyiyn; readonly expiresAtMs: number };

type KeepRefusal = Extract<
  TicketRefusal,
  { readonly code: 'ticket_not_found' | 'ticket_not_payable' | 'hold_expired' }
>;

export type KeepHold = (
  request: { readonly ticketId: string; readonly userId: string | null; readonly paymentId: string },
  meta: CommandMeta,
) => Promise<Result<Payable, KeepRefusal>>;

/**
 * A payment begins: its ticket keeps the hold until the payment's end, once, and tells what is to be paid: its price, or the
 * difference of a move that waits for it.
 */
export function createKeepHold({ runner, clock }: { readonly runner: CommandRunner; readonly clock: Clock }): KeepHold {
  return async ({ ticketId, userId, paymentId }, meta) => {
    const command = { kind: 'keep', userId, paymentId, nowMs: clock.now() } as const;
    const done = await runner.run(ticket, ticketId, command, meta);
    if (!done.ok) return refuse(only(['ticket_not_found', 'ticket_not_payable', 'hold_expired'], done.refusal));
    const { terms, expiresAtMs, move } = done.value.state;
    assert(terms, 'a kept hold has terms');
    const { parkId, priceTyiyn: amountTyiyn } = terms;
    if (move === null) return ok({ parkId, amountTyiyn, expiresAtMs });
    return ok({ parkId, amountTyiyn: move.dueTyiyn, expiresAtMs: move.expiresAtMs });
  };
}
