import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket, type TicketRefusal } from '../domain/ticket.ts';
import type { SignAdmissionCode } from './ports.ts';
import type { TakePlaces } from './take-places.ts';

/** Why money cannot make a ticket valid; it must go back then. */
export type SettleRefusal = Extract<
  TicketRefusal,
  { readonly code: 'ticket_not_found' | 'paid_by_another_payment' | 'amount_differs' | 'day_over' }
> | { readonly code: 'park_at_capacity' };

export type SettleTicket = (
  payment: { readonly ticketId: string; readonly paymentId: string; readonly paidTyiyn: Tyiyn },
  meta: CommandMeta,
) => Promise<Result<null, SettleRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly takePlaces: TakePlaces;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly clock: Clock;
};

/** Money arrived: the ticket becomes active, also after its hold ended if the day has room. Told twice, it does nothing. */
export function createSettleTicket({ runner, takePlaces, signAdmissionCode, clock }: Dependencies): SettleTicket {
  return async ({ ticketId, paymentId, paidTyiyn }, meta) => {
    const { terms } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms === null) return refuse({ code: 'ticket_not_found' });
    const admissionCode = signAdmissionCode({ ...terms, partySize: terms.places });
    const nowMs = clock.now();
    const done = await takePlaces({
      parkId: terms.parkId,
      date: terms.visitDate,
      places: terms.places,
      dayQuota: null,
      step: step(ticket, ticketId, { kind: 'settle', paymentId, paidTyiyn, nowMs, admissionCode }),
      meta: { ...meta, parkId: terms.parkId },
    });
    if (done.ok) return ok(null);
    switch (done.refusal.code) {
      case 'insufficient':
        return refuse({ code: 'park_at_capacity' });
      case 'ticket_not_found':
      case 'paid_by_another_payment':
      case 'amount_differs':
      case 'day_over':
        return refuse(done.refusal);
      default:
        assert(false, `settling cannot be refused as ${done.refusal.code}`);
    }
  };
}
