import { unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { AgeBand, TicketActivated } from '../contract.ts';
import { capacityAccount, type CapacityBucket } from './capacity.ts';
import type { PriceLine } from './pricing.ts';

/** How much longer than its hold a payment may keep the places. */
const KEPT_MOST_MS = 10 * 60_000;

export type TicketType = 'single' | 'group';

export type TicketChild = {
  readonly childId: string | null;
  /** Personal; null once the guest was erased. */
  readonly name: string | null;
  readonly birthDate: LocalDate | null;
  /** Whole years on the day of the visit. Personal. */
  readonly age: number | null;
  readonly ageBand: AgeBand;
};

/** What was agreed when the ticket was made; nothing of it changes later. */
export type TicketTerms = {
  readonly ticketId: string;
  readonly userId: string;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly ticketType: TicketType;
  readonly qrCode: string;
  readonly children: readonly TicketChild[];
  readonly adults: number;
  /** Everybody of the party, grown-ups included. */
  readonly places: number;
  readonly priceTyiyn: Tyiyn;
  readonly priceLines: readonly PriceLine[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** When gates let the party in. */
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** The park's closing on the day of the visit; nothing is sold or held beyond it. */
  readonly closesAtMs: number;
};

type Place = Pick<TicketTerms, 'ticketId' | 'parkId' | 'visitDate' | 'places'>;

export type TicketHeld = { readonly type: 'TicketHeld'; readonly data: TicketTerms };
export type TicketHoldKept = {
  readonly type: 'TicketHoldKept';
  readonly data: { readonly ticketId: string; readonly paymentId: string; readonly expiresAtMs: number };
};
export type TicketHoldExpired = {
  readonly type: 'TicketHoldExpired';
  readonly data: Place & { readonly atMs: number };
};
/** Why money cannot make a ticket valid; it must go back then. */
export type WhyPaymentRefused = 'paid_by_another_payment' | 'amount_differs' | 'day_over' | 'park_at_capacity';

/** A fact, not a refusal: what was once refused stays refused, however often the payment is told and whatever frees up. */
export type TicketPaymentRefused = {
  readonly type: 'TicketPaymentRefused';
  readonly data: {
    readonly ticketId: string;
    readonly paymentId: string;
    readonly why: WhyPaymentRefused;
    readonly refusedAtMs: number;
  };
};
export type TicketEvent = TicketHeld | TicketHoldKept | TicketHoldExpired | TicketActivated | TicketPaymentRefused;

export type TicketCommand =
  | { readonly kind: 'hold'; readonly terms: TicketTerms; readonly admissionCode: string | null }
  /** A payment begins: the hold is kept for it once. */
  | { readonly kind: 'keep'; readonly userId: string; readonly paymentId: string; readonly nowMs: number }
  | { readonly kind: 'expire'; readonly nowMs: number }
  | {
      readonly kind: 'settle';
      readonly paymentId: string;
      readonly paidTyiyn: Tyiyn;
      readonly nowMs: number;
      readonly admissionCode: string;
    }
  /** The store had no place left to settle the payment with. */
  | { readonly kind: 'refuse_payment'; readonly paymentId: string; readonly nowMs: number };

export type TicketRefusal =
  | { readonly code: 'ticket_not_found' }
  | { readonly code: 'ticket_not_payable'; readonly status: TicketState['status'] }
  | { readonly code: 'hold_expired' };

export type TicketState = {
  readonly status: 'absent' | 'held' | 'expired' | 'active';
  readonly terms: TicketTerms | null;
  readonly expiresAtMs: number;
  readonly keptFor: string | null;
  readonly paymentId: string | null;
  readonly refusedPayments: readonly { readonly paymentId: string; readonly why: WhyPaymentRefused }[];
};

/** What became of a payment of this ticket; null when it was never told. */
export function verdictOn(state: TicketState, paymentId: string): 'accepted' | WhyPaymentRefused | null {
  if (state.paymentId === paymentId) return 'accepted';
  return state.refusedPayments.find((refused) => refused.paymentId === paymentId)?.why ?? null;
}

type Decision = Result<readonly TicketEvent[], TicketRefusal>;

/** A ticket from hold to payment. It is written by its seller alone; admissions have a stream of their own. */
export const ticket: Decider<TicketCommand, TicketState, TicketEvent, TicketRefusal> = {
  aggregateType: 'Ticket',
  initial: { status: 'absent', terms: null, expiresAtMs: 0, keptFor: null, paymentId: null, refusedPayments: [] },
  decide(command, state) {
    if (command.kind === 'hold') return hold(command.terms, command.admissionCode, state);
    if (state.terms === null) return refuse({ code: 'ticket_not_found' });
    switch (command.kind) {
      case 'keep':
        return keep(command, state, state.terms);
      case 'expire':
        return ok(lapsed(state, state.terms, command.nowMs));
      case 'settle':
        return settle(command, state, state.terms);
      case 'refuse_payment': {
        const isTold = verdictOn(state, command.paymentId) !== null;
        return ok(isTold ? [] : [paymentRefused(state.terms, command, 'park_at_capacity')]);
      }
      default:
        return unreachable(command, 'ticket command');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'TicketHeld':
        return { ...state, status: 'held', terms: event.data, expiresAtMs: event.data.expiresAtMs };
      case 'TicketHoldKept':
        return { ...state, expiresAtMs: event.data.expiresAtMs, keptFor: event.data.paymentId };
      case 'TicketHoldExpired':
        return { ...state, status: 'expired' };
      case 'TicketActivated':
        return { ...state, status: 'active', paymentId: event.data.paymentId };
      case 'TicketPaymentRefused':
        return { ...state, refusedPayments: [...state.refusedPayments, event.data] };
      default:
        return unreachable(event, 'ticket event');
    }
  },
  transfersOf(event) {
    switch (event.type) {
      case 'TicketHeld':
        return [move(event.data, 'free', 'held')];
      case 'TicketHoldExpired':
        return [move(event.data, 'held', 'free')];
      case 'TicketActivated':
        return [move(event.data, event.data.retaken ? 'free' : 'held', 'sold')];
      case 'TicketHoldKept':
      case 'TicketPaymentRefused':
        return [];
      default:
        return unreachable(event, 'ticket event');
    }
  },
};

const move = (place: Omit<Place, 'ticketId'>, from: CapacityBucket, to: CapacityBucket): Transfer => ({
  from: capacityAccount(place.parkId, place.visitDate, from),
  to: capacityAccount(place.parkId, place.visitDate, to),
  amount: place.places,
});

/** The expiry of a hold that is over and whose expiry nobody has written; else nothing. */
function lapsed(state: TicketState, terms: TicketTerms, nowMs: number): readonly TicketHoldExpired[] {
  if (state.status !== 'held' || nowMs < state.expiresAtMs) return [];
  const { ticketId, parkId, visitDate, places } = terms;
  return [{ type: 'TicketHoldExpired', data: { ticketId, parkId, visitDate, places, atMs: nowMs } }];
}

const paymentRefused = (
  { ticketId }: TicketTerms,
  { paymentId, nowMs }: { readonly paymentId: string; readonly nowMs: number },
  why: WhyPaymentRefused,
): TicketPaymentRefused => ({
  type: 'TicketPaymentRefused',
  data: { ticketId, paymentId, why, refusedAtMs: nowMs },
});

function activated(
  terms: TicketTerms,
  payment: { readonly paymentId: string | null; readonly paidTyiyn: Tyiyn },
  details: Pick<TicketActivated['data'], 'activatedAtMs' | 'admissionCode' | 'retaken'>,
): TicketActivated {
  const { ticketId, userId, parkId, visitDate, places } = terms;
  return {
    type: 'TicketActivated',
    data: { ticketId, userId, subjectId: userId, parkId, visitDate, places, ...payment, ...details },
  };
}

function hold(terms: TicketTerms, admissionCode: string | null, state: TicketState): Decision {
  if (state.terms !== null) return ok([]); // told twice
  const held: TicketHeld = { type: 'TicketHeld', data: terms };
  if (terms.priceTyiyn > 0n) return ok([held]);
  const details = { activatedAtMs: terms.createdAtMs, admissionCode, retaken: false };
  return ok([held, activated(terms, { paymentId: null, paidTyiyn: 0n }, details)]);
}

function keep(
  { userId, paymentId, nowMs }: TicketCommand & { readonly kind: 'keep' },
  state: TicketState,
  terms: TicketTerms,
): Decision {
  if (terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
  if (state.status !== 'held') return refuse({ code: 'ticket_not_payable', status: state.status });
  if (nowMs >= state.expiresAtMs) return refuse({ code: 'hold_expired' });
  const expiresAtMs = Math.min(state.expiresAtMs + KEPT_MOST_MS, terms.closesAtMs);
  if (state.keptFor !== null || expiresAtMs === state.expiresAtMs) return ok([]);
  return ok([{ type: 'TicketHoldKept', data: { ticketId: terms.ticketId, paymentId, expiresAtMs } }]);
}

function settle(
  command: TicketCommand & { readonly kind: 'settle' },
  state: TicketState,
  terms: TicketTerms,
): Decision {
  const { paymentId, paidTyiyn, nowMs, admissionCode } = command;
  if (verdictOn(state, paymentId) !== null) return ok([]); // told twice
  const expiry = lapsed(state, terms, nowMs);
  const refused = (why: WhyPaymentRefused): Decision => ok([...expiry, paymentRefused(terms, command, why)]);
  if (state.status === 'active') return refused('paid_by_another_payment');
  if (paidTyiyn !== terms.priceTyiyn) return refused('amount_differs');
  // Late money takes a free place again, its own if nobody wrote the expiry yet.
  const retaken = state.status === 'expired' || expiry.length > 0;
  if (retaken && nowMs >= terms.closesAtMs) return refused('day_over');
  const details = { activatedAtMs: nowMs, admissionCode, retaken };
  return ok([...expiry, activated(terms, { paymentId, paidTyiyn }, details)]);
}
