import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { assert } from '../../../kernel/assert.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket, type TicketRefusal } from '../domain/ticket.ts';

export type Payable = { readonly amountTyiyn: Tyiyn; readonly expiresAtMs: number };

export type KeepHold = (
  request: { readonly ticketId: string; readonly userId: string; readonly paymentId: string },
  meta: CommandMeta,
) => Promise<Result<Payable, TicketRefusal>>;

/** A payment begins: its ticket keeps the hold until the payment's end, once, and tells what is to be paid. */
export function createKeepHold({ runner, clock }: { readonly runner: CommandRunner; readonly clock: Clock }): KeepHold {
  return async ({ ticketId, userId, paymentId }, meta) => {
    const command = { kind: 'keep', userId, paymentId, nowMs: clock.now() } as const;
    const done = await runner.run(ticket, ticketId, command, meta);
    if (!done.ok) {
      const { refusal } = done;
      assert(refusal.code !== 'insufficient' && refusal.code !== 'claimed', 'keeping a hold moves no places');
      return refuse(refusal);
    }
    const { terms, expiresAtMs } = done.value.state;
    assert(terms, 'a kept hold has terms');
    return ok({ amountTyiyn: terms.priceTyiyn, expiresAtMs });
  };
}
