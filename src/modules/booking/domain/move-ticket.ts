import { ok, refuse } from '../../../kernel/result.ts';
import { HOLD_MS, KEPT_MOST_MS } from './hold-times.ts';
import { placeOf } from './ticket-messages.ts';
import { paymentRefused } from './refused-payment.ts';
import type {
  CommandOf,
  MoveTerms,
  PendingMove,
  TicketEvent,
  TicketDecision,
  TicketMoved,
  TicketMoveLapsed,
  TicketState,
  TicketTerms,
} from './ticket-messages.ts';
import type { WhyPaymentRefused } from './refused-payment.ts';

/** No hold for a move outlasts the moment from which on somebody could come in on the old day. */
const endOf = (wishedMs: number, { day }: MoveTerms, terms: TicketTerms): number =>
  Math.min(wishedMs, day.closesAtMs, terms.validFromMs);

/** The end of a move that waits for its money, whatever the time; nothing when none waits. */
export const moveEnded = ({ move }: TicketState, terms: TicketTerms, nowMs: number): readonly TicketMoveLapsed[] =>
  move === null
    ? []
    : [{ type: 'TicketMoveLapsed', data: { ...placeOf(terms), visitDate: move.day.visitDate, lapsedAtMs: nowMs } }];

/** The same, if its time is over and nobody has written it. */
export const moveLapsed = (state: TicketState, terms: TicketTerms, nowMs: number): readonly TicketMoveLapsed[] =>
  state.move === null || nowMs < state.move.expiresAtMs ? [] : moveEnded(state, terms, nowMs);

type How = Pick<TicketMoved['data'], 'placesFrom' | 'difference' | 'admissionCode' | 'movedAtMs'>;

/**
 * The ticket is for the new day from now on. Where another node serves the gates of the old one, they are asked whether somebody came in on
 * it, and until they answer all stays that a refusal would have to take back: places, money, points and the use of a promo code.
 */
function moved(
  { day, returnedPromo, pointsSpent }: MoveTerms,
  state: TicketState,
  terms: TicketTerms,
  voidId: string | null,
  how: How,
): readonly TicketEvent[] {
  const differenceTyiyn = day.priceTyiyn - state.paidTyiyn;
  const refundTyiyn = differenceTyiyn < 0n ? -differenceTyiyn : 0n;
  const back = { refundTyiyn, returnedPromo, pointsSpent };
  const nothing = { refundTyiyn: 0n, returnedPromo: null, pointsSpent: terms.pointsSpent };
  const { subjectId, visitDate: fromDate } = terms;
  const data = { ...placeOf(terms), ...day, subjectId, fromDate, paymentId: state.paymentId, ...how };
  if (voidId === null) {
    return [{ type: 'TicketMoved', data: { ...data, paidTyiyn: day.priceTyiyn, ...back, leaving: null } }];
  }
  const paidTyiyn = day.priceTyiyn + refundTyiyn;
  const question = {
    ...placeOf(terms),
    subjectId,
    voidId,
    why: 'moved',
    reason: null,
    paidTyiyn: refundTyiyn,
  } as const;
  return [
    { type: 'TicketMoved', data: { ...data, paidTyiyn, ...nothing, leaving: { voidId, ...back } } },
    { type: 'VoidAsked', data: { ...question, askedAtMs: how.movedAtMs } },
  ];
}

/**
 * A paid ticket goes to another day, once, until the day before its visit. What the new day costs less goes back. Where it costs
 * more, its places are held until the difference is paid, and the ticket stays good for the old day until then.
 */
export function moveTicket(command: CommandOf<'move'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { userId, to, voidId, today, nowMs, admissionCode } = command;
  const { visitDate, priceTyiyn } = to.day;
  if (terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
  // Told twice: it is where it should be.
  if (state.moved && state.status === 'active' && terms.visitDate === visitDate) return ok([]);
  if (state.status !== 'active') return refuse({ code: 'ticket_not_movable', status: state.status });
  // It is about to be cancelled, or what was paid for it is not known.
  if (state.voiding !== null || state.awaitsPayment)
    return refuse({ code: 'ticket_not_movable', status: state.status });
  if (state.moved) return refuse({ code: 'already_moved' });
  if (today >= terms.visitDate) return refuse({ code: 'too_late_to_move' });
  if (visitDate === terms.visitDate) return ok([]);
  const lapse = moveLapsed(state, terms, nowMs);
  if (state.move !== null && lapse.length === 0) {
    const { day, expiresAtMs } = state.move;
    return day.visitDate === visitDate ? ok([]) : refuse({ code: 'move_in_progress', expiresAtMs });
  }
  const dueTyiyn = priceTyiyn - state.paidTyiyn;
  if (dueTyiyn <= 0n) {
    const how = { placesFrom: 'free', difference: null, admissionCode, movedAtMs: nowMs } as const;
    return ok([...lapse, ...moved(to, state, terms, voidId, how)]);
  }
  const expiresAtMs = endOf(nowMs + HOLD_MS, to, terms);
  if (expiresAtMs <= nowMs) return refuse({ code: 'too_late_to_move' });
  const { day, ...discounts } = to;
  const times = { fromDate: terms.visitDate, dueTyiyn, heldAtMs: nowMs, expiresAtMs };
  const data = { ...placeOf(terms), ...day, ...discounts, ...times, subjectId: terms.subjectId };
  return ok([...lapse, { type: 'TicketMoveHeld', data }]);
}

/** A payment of the difference begins: it is known as one, and the first of them keeps the hold once. */
export function keepMove(
  { paymentId, nowMs }: CommandOf<'keep'>,
  move: PendingMove,
  terms: TicketTerms,
): TicketDecision {
  if (nowMs >= move.expiresAtMs) return refuse({ code: 'hold_expired' });
  if (move.paymentIds.includes(paymentId)) return ok([]);
  const isFirst = move.paymentIds.length === 0;
  const expiresAtMs = isFirst ? endOf(move.expiresAtMs + KEPT_MOST_MS, move, terms) : move.expiresAtMs;
  return ok([{ type: 'TicketMoveKept', data: { ticketId: terms.ticketId, paymentId, expiresAtMs } }]);
}

/** Money for a difference carries the move out while it waits; later, or for a ticket that is cancelled, it goes back. */
export function settleMove(command: CommandOf<'settle'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { paymentId, paidTyiyn, nowMs, admissionCode, voidId = null } = command;
  const { move } = state;
  const lapse = moveLapsed(state, terms, nowMs);
  const refused = (why: WhyPaymentRefused): TicketDecision => ok([...lapse, paymentRefused(terms, command, why)]);
  if (state.status === 'cancelled' || state.status === 'refunded') return refused('ticket_cancelled');
  if (state.moved) return refused('paid_by_another_payment');
  if (move === null || lapse.length > 0 || !move.paymentIds.includes(paymentId)) return refused('move_over');
  if (paidTyiyn !== move.dueTyiyn) return refused('amount_differs');
  if (command.dayClosed === true) return refused('day_over');
  const difference = { paymentId, paidTyiyn };
  return ok(moved(move, state, terms, voidId, { placesFrom: 'held', difference, admissionCode, movedAtMs: nowMs }));
}
