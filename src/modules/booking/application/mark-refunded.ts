import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket } from '../domain/ticket.ts';

/** All money of a payment is out. Told twice, or of a ticket that is not cancelled or has another payment, it changes nothing. */
export type MarkRefunded = (
  refund: { readonly ticketId: string; readonly paymentId: string; readonly refundId: string },
  meta: CommandMeta,
) => Promise<void>;

export const createMarkRefunded =
  ({ runner, clock }: { readonly runner: CommandRunner; readonly clock: Clock }): MarkRefunded =>
  async ({ ticketId, ...refund }, meta) => {
    const done = await runner.run(ticket, ticketId, { kind: 'mark_refunded', ...refund, nowMs: clock.now() }, meta);
    assert(done.ok, `a refund of ticket ${ticketId} was refused as ${done.ok ? '' : done.refusal.code}`);
  };
