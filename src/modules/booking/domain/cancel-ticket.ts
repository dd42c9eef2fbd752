import { ok, refuse } from '../../../kernel/result.ts';
import type { TicketCancelled } from '../contract.ts';
import { moveEnded } from './move-ticket.ts';
import { placeOf } from './ticket-messages.ts';
import type { CommandOf, TicketDecision, TicketRefusal, TicketState, TicketTerms } from './ticket-messages.ts';

/**
 * Why a ticket cannot be cancelled; null when it can. Until the day before the visit by its guest, on the day by staff, later
 * by an override alone; what is unpaid by anybody while its hold lasts. Whether somebody came in, the gates say.
 */
function obstacle(
  { why, onlyHeld = false, today, nowMs }: CommandOf<'cancel'>,
  state: TicketState,
  { visitDate }: TicketTerms,
): TicketRefusal | null {
  if (state.status === 'held' && nowMs < state.expiresAtMs) return null;
  if (!state.activated) return { code: 'ticket_not_cancellable', status: 'expired' };
  if (onlyHeld) return { code: 'ticket_not_cancellable', status: state.status };
  if (why === 'override') return null;
  if (state.status === 'expired' || today > visitDate) return { code: 'ticket_not_cancellable', status: 'expired' };
  return why === 'guest' && today === visitDate ? { code: 'only_staff_cancels_today' } : null;
}

export function cancel(command: CommandOf<'cancel'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { why, userId, reason, nowMs } = command;
  if (why === 'guest' && terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
  if (state.status === 'cancelled' || state.status === 'refunded') return ok([]); // told twice
  const refusal = obstacle(command, state, terms);
  if (refusal !== null) return refuse(refusal);
  const { subjectId, promo, pointsSpent } = terms;
  const { paymentId, paidTyiyn, difference } = state;
  // After an override somebody may be inside: their places are not sold again.
  const sold = why === 'override' ? null : 'sold';
  const cancelled: TicketCancelled = {
    type: 'TicketCancelled',
    data: {
      ...placeOf(terms),
      subjectId,
      promo,
      pointsSpent,
      why,
      reason,
      paymentId,
      paidTyiyn,
      difference,
      freedFrom: state.activated ? sold : 'held',
      cancelledAtMs: nowMs,
    },
  };
  return ok([...moveEnded(state, terms, nowMs), cancelled]);
}

/** Money for a ticket that was cancelled unpaid, that moved, or that another payment paid, changes no status. */
export function markRefunded(
  { paymentId, refundId, nowMs }: CommandOf<'mark_refunded'>,
  state: TicketState,
  terms: TicketTerms,
): TicketDecision {
  const isPaidBy = [state.paymentId, state.difference?.paymentId].includes(paymentId);
  if (state.status !== 'cancelled' || !isPaidBy || state.paidTyiyn === 0n) return ok([]);
  return ok([{ type: 'TicketRefunded', data: { ...placeOf(terms), refundId, refundedAtMs: nowMs } }]);
}
