import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { assert } from '../../../kernel/assert.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket, type TicketRefusal } from '../domain/ticket.ts';

/** How much longer than its hold a payment may keep the places. */
const KEPT_MOST_MS = 10 * 60_000;

export type Payable = { readonly amountTyiyn: Tyiyn; readonly parkId: string; readonly expiresAtMs: number };

export type KeepRefusal = Extract<
  TicketRefusal,
  { readonly code: 'ticket_not_found' | 'ticket_not_payable' | 'hold_expired' }
>;

export type KeepHold = (
  request: { readonly ticketId: string; readonly userId: string; readonly paymentId: string },
  meta: CommandMeta,
) => Promise<Result<Payable, KeepRefusal>>;

/** A payment begins: its ticket keeps the hold until the payment's end, once, and tells what is to be paid. */
export function createKeepHold({ runner, clock }: { readonly runner: CommandRunner; readonly clock: Clock }): KeepHold {
  return async ({ ticketId, userId, paymentId }, meta) => {
    const nowMs = clock.now();
    const { state } = await runner.stateOf(ticket, ticketId);
    const untilMs = state.expiresAtMs + KEPT_MOST_MS;
    const done = await runner.run(ticket, ticketId, { kind: 'keep', userId, paymentId, nowMs, untilMs }, meta);
    if (!done.ok) {
      switch (done.refusal.code) {
        case 'ticket_not_found':
        case 'ticket_not_payable':
        case 'hold_expired':
          return refuse(done.refusal);
        default:
          assert(false, `keeping a hold cannot be refused as ${done.refusal.code}`);
      }
    }
    const { terms, expiresAtMs } = done.value.state;
    assert(terms, 'a kept hold has terms');
    return ok({ amountTyiyn: terms.priceTyiyn, parkId: terms.parkId, expiresAtMs });
  };
}
