import { assert, unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { TicketActivated, TicketHoldExpired } from '../contract.ts';
import { askVoid, cancel, endVoid, markRefunded } from './cancel-ticket.ts';
import { KEPT_MOST_MS } from './hold-times.ts';
import { endLeaving } from './leave-day.ts';
import { keepMove, moveLapsed, moveTicket, settleMove } from './move-ticket.ts';
import { placeOf } from './ticket-messages.ts';
import { afterSaleRemembered, rememberSale } from './remember-sale.ts';
import { paymentRefused } from './refused-payment.ts';
import type {
  CommandOf,
  DayTerms,
  TicketCommand,
  TicketDecision,
  TicketEvent,
  TicketHeld,
  TicketRefusal,
  TicketState,
  TicketTerms,
} from './ticket-messages.ts';
import type { WhyPaymentRefused } from './refused-payment.ts';
import { ticketTransfers } from './ticket-transfers.ts';

/** What became of a payment of this ticket; null when it was never told. */
export function verdictOn(state: TicketState, paymentId: string): 'accepted' | WhyPaymentRefused | null {
  const accepted = [state.paymentId, state.difference?.paymentId, state.undone?.paymentId];
  if (accepted.includes(paymentId)) return 'accepted';
  return state.refusedPayments.find((refused) => refused.paymentId === paymentId)?.why ?? null;
}

/**
 * A ticket from hold to its end. It is written by its seller alone; admissions have a stream of their own, so that `used` is
 * no status here: whoever cancels asks the gates in the same append.
 */
export const ticket: Decider<TicketCommand, TicketState, TicketEvent, TicketRefusal> = {
  aggregateType: 'Ticket',
  initial: {
    status: 'absent',
    terms: null,
    activated: false,
    awaitsPayment: false,
    moved: false,
    expiresAtMs: 0,
    keptFor: null,
    paymentId: null,
    paidTyiyn: 0n,
    difference: null,
    move: null,
    voiding: null,
    leaving: null,
    undone: null,
    overMovePayments: [],
    refusedPayments: [],
  },
  decide(command, state) {
    if (command.kind === 'hold' || command.kind === 'sell') return make(command, state);
    if (state.terms === null) return refuse({ code: 'ticket_not_found' });
    return decideKnown(command, state, state.terms);
  },
  evolve(state, event) {
    switch (event.type) {
      case 'TicketHeld':
        return { ...state, status: 'held', terms: event.data, expiresAtMs: event.data.expiresAtMs };
      case 'TicketHoldKept':
        return { ...state, expiresAtMs: event.data.expiresAtMs, keptFor: event.data.paymentId };
      case 'TicketHoldExpired':
      case 'TicketExpired':
        return { ...state, status: 'expired' };
      case 'TicketActivated': {
        const { paymentId, paidTyiyn, remembered } = event.data;
        const status = remembered === true ? state.status : 'active';
        return { ...state, status, activated: true, awaitsPayment: false, paymentId, paidTyiyn };
      }
      case 'TicketSaleRemembered': {
        assert(state.terms, 'a ticket that was sold has terms');
        return afterSaleRemembered(state, state.terms, event.data);
      }
      case 'TicketPaymentRefused':
        return { ...state, refusedPayments: [...state.refusedPayments, event.data] };
      case 'VoidAsked': {
        const { why } = event.data;
        // What a move asks stands with the move.
        return why === 'moved' ? state : { ...state, voiding: { ...event.data, why } };
      }
      case 'TicketVoidDenied':
        return { ...state, voiding: null };
      case 'TicketCancelled':
        return { ...state, status: 'cancelled', voiding: null, leaving: null };
      case 'TicketRefunded':
        return { ...state, status: 'refunded' };
      default:
        return evolveMove(state, event);
    }
  },
  transfersOf: ticketTransfers,
  parkOf: ({ terms }) => terms?.parkId ?? null,
};

type MoveEvent = Extract<TicketEvent, { readonly type: `TicketMove${string}` | 'TicketLeftDay' }>;

const dayOf = ({
  visitDate,
  children,
  priceTyiyn,
  priceLines,
  validFromMs,
  validUntilMs,
  closesAtMs,
}: DayTerms): DayTerms => ({ visitDate, children, priceTyiyn, priceLines, validFromMs, validUntilMs, closesAtMs });

function evolveMove(state: TicketState, event: MoveEvent): TicketState {
  const { terms, move } = state;
  switch (event.type) {
    case 'TicketMoveHeld': {
      const { returnedPromo, pointsSpent, dueTyiyn, expiresAtMs } = event.data;
      const held = { day: dayOf(event.data), returnedPromo, pointsSpent, dueTyiyn, expiresAtMs, paymentIds: [] };
      return { ...state, move: held };
    }
    case 'TicketMoveKept': {
      assert(move, 'a move that is kept waits');
      const { paymentId, expiresAtMs } = event.data;
      return { ...state, move: { ...move, expiresAtMs, paymentIds: [...move.paymentIds, paymentId] } };
    }
    case 'TicketMoveLapsed':
      return { ...state, ...withoutMove(state) };
    case 'TicketMoved': {
      assert(terms, 'a ticket that moves has terms');
      const { paidTyiyn, difference, returnedPromo, pointsSpent } = event.data;
      const promo = returnedPromo === null ? terms.promo : null;
      const changed = { ...terms, ...dayOf(event.data), promo, pointsSpent: pointsSpent ?? terms.pointsSpent };
      const leaving = event.data.leaving === null ? null : { ...event.data.leaving, from: dayOf(terms) };
      return { ...state, ...withoutMove(state), moved: true, paidTyiyn, difference, terms: changed, leaving };
    }
    case 'TicketLeftDay': {
      assert(terms, 'a ticket that moved has terms');
      const { paidTyiyn, returnedPromo, pointsSpent } = event.data;
      const promo = returnedPromo === null ? terms.promo : null;
      return { ...state, paidTyiyn, terms: { ...terms, promo, pointsSpent }, leaving: null };
    }
    case 'TicketMoveUndone': {
      assert(terms, 'a ticket that moved has terms');
      const { paidTyiyn, difference: undone } = event.data;
      return {
        ...state,
        paidTyiyn,
        difference: null,
        undone,
        terms: { ...terms, ...dayOf(event.data) },
        leaving: null,
      };
    }
    default:
      return unreachable(event, 'ticket event');
  }
}

/** Nothing waits any more; payments that were begun for it are remembered. */
const withoutMove = ({ move, overMovePayments }: TicketState): Pick<TicketState, 'move' | 'overMovePayments'> => ({
  move: null,
  overMovePayments: [...overMovePayments, ...(move?.paymentIds ?? [])],
});

/** Whether a payment was begun for a move, and not for the ticket as it was first sold. */
export const isOfMove = ({ move, overMovePayments }: TicketState, paymentId: string): boolean =>
  overMovePayments.includes(paymentId) || move?.paymentIds.includes(paymentId) === true;

function decideKnown(
  command: Exclude<TicketCommand, { readonly kind: 'hold' | 'sell' }>,
  state: TicketState,
  terms: TicketTerms,
): TicketDecision {
  switch (command.kind) {
    case 'keep':
      return keep(command, state, terms);
    case 'expire':
      return ok([...lapsed(state, terms, command.nowMs, command.fenced), ...moveLapsed(state, terms, command.nowMs)]);
    case 'settle':
      return settle(command, state, terms);
    case 'remember_sale':
      return rememberSale(command, state, terms);
    case 'refuse_payment': {
      const isTold = verdictOn(state, command.paymentId) !== null;
      return ok(isTold ? [] : [paymentRefused(terms, command, command.why)]);
    }
    case 'cancel':
      return cancel(command, state, terms);
    case 'ask_void':
      return askVoid(command, state, terms);
    case 'end_void':
      return endVoid(command, state, terms);
    case 'end_leaving':
      return endLeaving(command, state, terms);
    case 'mark_refunded':
      return markRefunded(command, state, terms);
    case 'move':
      return moveTicket(command, state, terms);
    case 'end_day':
      return endDay(command, state, terms);
    default:
      return unreachable(command, 'ticket command');
  }
}

/** The expiry of a hold that is over and whose expiry nobody has written; else nothing. */
function lapsed(state: TicketState, terms: TicketTerms, nowMs: number, fenced = false): readonly TicketHoldExpired[] {
  if (state.status !== 'held' || (nowMs < state.expiresAtMs && !fenced)) return [];
  const { promo, pointsSpent } = terms;
  return [{ type: 'TicketHoldExpired', data: { ...placeOf(terms), promo, pointsSpent, atMs: nowMs } }];
}

const activated = (
  terms: TicketTerms,
  payment: { readonly paymentId: string | null; readonly paidTyiyn: Tyiyn },
  details: Pick<TicketActivated['data'], 'activatedAtMs' | 'admissionCode' | 'retaken' | 'remembered'>,
): TicketActivated => ({
  type: 'TicketActivated',
  data: { ...placeOf(terms), subjectId: terms.subjectId, ...payment, ...details },
});

/** What costs nothing, or is paid at the desk, is active at once. */
function make(command: CommandOf<'hold'> | CommandOf<'sell'>, state: TicketState): TicketDecision {
  const { terms, admissionCode } = command;
  if (state.terms !== null) return ok([]); // told twice
  const held: TicketHeld = { type: 'TicketHeld', data: terms };
  if (command.kind === 'hold' && terms.priceTyiyn > 0n) return ok([held]);
  const paymentId = command.kind === 'sell' ? command.paymentId : null;
  const details = { activatedAtMs: terms.createdAtMs, admissionCode, retaken: false };
  return ok([held, activated(terms, { paymentId, paidTyiyn: terms.priceTyiyn }, details)]);
}

function keep(command: CommandOf<'keep'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { userId, paymentId, nowMs } = command;
  if (terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
  if (state.status === 'active' && state.move !== null) return keepMove(command, state.move, terms);
  if (state.status !== 'held') return refuse({ code: 'ticket_not_payable', status: state.status });
  if (nowMs >= state.expiresAtMs) return refuse({ code: 'hold_expired' });
  const expiresAtMs = Math.min(state.expiresAtMs + KEPT_MOST_MS, terms.closesAtMs);
  if (state.keptFor !== null || expiresAtMs === state.expiresAtMs) return ok([]);
  return ok([{ type: 'TicketHoldKept', data: { ticketId: terms.ticketId, paymentId, expiresAtMs } }]);
}

function settle(command: CommandOf<'settle'>, state: TicketState, terms: TicketTerms): TicketDecision {
  const { paymentId, paidTyiyn, nowMs, admissionCode } = command;
  if (verdictOn(state, paymentId) !== null) return ok([]); // told twice
  if (isOfMove(state, paymentId)) return settleMove(command, state, terms);
  const expiry = command.holdStands === true ? [] : lapsed(state, terms, nowMs);
  const refused = (why: WhyPaymentRefused): TicketDecision => ok([...expiry, paymentRefused(terms, command, why)]);
  if (state.activated && !state.awaitsPayment) return refused('paid_by_another_payment');
  if (state.status === 'cancelled') return refused('ticket_cancelled');
  if (paidTyiyn !== terms.priceTyiyn) return refused('amount_differs');
  if (state.awaitsPayment) {
    const found = { activatedAtMs: nowMs, admissionCode, retaken: false, remembered: true } as const;
    return ok([activated(terms, { paymentId, paidTyiyn }, found)]);
  }
  // Late money takes a free place again, its own if nobody wrote the expiry yet.
  const retaken = state.status === 'expired' || expiry.length > 0;
  if (retaken && (command.dayClosed === true || nowMs >= terms.closesAtMs)) return refused('day_over');
  // What was taken off the price has gone back to where it came from, and may be spent by now.
  if (retaken && (terms.promo !== null || terms.pointsSpent > 0)) return refused('discount_returned');
  const details = { activatedAtMs: nowMs, admissionCode, retaken };
  return ok([...expiry, activated(terms, { paymentId, paidTyiyn }, details)]);
}

/** Whether anybody came in is not known here; the read model lets `used` win. Places stay sold. */
function endDay({ nowMs }: CommandOf<'end_day'>, state: TicketState, terms: TicketTerms): TicketDecision {
  if (state.status !== 'active' || nowMs <= terms.validUntilMs) return ok([]);
  // Its gates were asked to end it, or those of the day it has left: they say what becomes of it.
  if (state.voiding !== null || state.leaving !== null) return ok([]);
  const { paymentId, paidTyiyn } = state;
  return ok([{ type: 'TicketExpired', data: { ...placeOf(terms), paymentId, paidTyiyn, expiredAtMs: nowMs } }]);
}
