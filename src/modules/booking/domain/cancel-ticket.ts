import { ok, refuse } from '../../../kernel/result.ts';
import type { TicketCancelled } from '../contract.ts';
import { leftDay } from './leave-day.ts';
import { moveEnded } from './move-ticket.ts';
import { placeOf } from './ticket-messages.ts';
import type {
  CommandOf,
  TicketDecision,
  TicketEvent,
  TicketRefusal,
  TicketState,
  TicketTerms,
} from './ticket-messages.ts';

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

type Reasons = Pick<TicketCancelled['data'], 'why' | 'reason'>;

export function cancelled(
  { why, reason }: Reasons,
  state: TicketState,
  terms: TicketTerms,
  nowMs: number,
): TicketCancelled {
  const { subjectId, promo, pointsSpent } = terms;
  const { paymentId, paidTyiyn, difference } = state;
  // After an override somebody may be inside: their places are not sold again.
  const sold = why === 'override' ? null : 'sold';
  return {
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
}

/**
 * What ends with a ticket at gates that let nobody in by it on any day: also the day that it was leaving. After an override somebody may be
 * inside on that day, and its places stay sold.
 */
const daysEnded = (
  { why }: Pick<Reasons, 'why'>,
  state: TicketState,
  terms: TicketTerms,
  nowMs: number,
): readonly TicketEvent[] => [
  ...moveEnded(state, terms, nowMs),
  ...(why === 'override' ? [] : leftDay(state, terms, nowMs, false)),
];

export function cancel(command: CommandOf<'cancel'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { why, userId, inherited = false, nowMs } = command;
  if (why === 'guest' && terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
  if (state.status === 'cancelled' || state.status === 'refunded') return ok([]); // told twice
  const refusal = obstacle(command, state, terms);
  if (refusal !== null) return refuse(refusal);
  const { type, data } = cancelled(command, state, terms, nowMs);
  // The places were sold out of counters that are not kept here.
  const freedFrom = inherited ? null : data.freedFrom;
  return ok([...daysEnded(command, state, terms, nowMs), { type, data: { ...data, freedFrom } }]);
}

/**
 * The cancellation of a ticket whose gates another node serves waits for what they say. Only an override, which they cannot deny,
 * is asked where another question is still open.
 */
export function askVoid(command: CommandOf<'ask_void'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { why, userId, reason, voidId, nowMs } = command;
  if (why === 'guest' && terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
  if (state.status === 'cancelled' || state.status === 'refunded') return ok([]); // told twice
  const refusal = obstacle({ ...command, kind: 'cancel' }, state, terms);
  if (refusal !== null) return refuse(refusal);
  if (state.voiding !== null && (why !== 'override' || state.voiding.why === 'override')) return ok([]); // told twice
  const { subjectId } = terms;
  const data = { ...placeOf(terms), subjectId, voidId, why, reason, paidTyiyn: state.paidTyiyn, askedAtMs: nowMs };
  return ok([...moveEnded(state, terms, nowMs), { type: 'VoidAsked', data }]);
}

/** The gates have answered. An answer to a question that is not open any more changes nothing. */
export function endVoid(command: CommandOf<'end_void'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { voidId, denied, nowMs } = command;
  const { voiding, paidTyiyn } = state;
  if (voiding?.voidId !== voidId) return ok([]);
  if (denied === null) {
    return ok([...daysEnded(voiding, state, terms, nowMs), cancelled(voiding, state, terms, nowMs)]);
  }
  const data = { ...placeOf(terms), voidId, why: voiding.why, paidTyiyn, entered: denied.entered, deniedAtMs: nowMs };
  return ok([{ type: 'TicketVoidDenied', data }]);
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
