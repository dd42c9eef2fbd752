import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { WhyCancelled } from '../contract.ts';

/** What a guest got with a pass. */
export type PassTerms = {
  readonly passId: string;
  readonly userId: string;
  /** What the product is called, when it has a name. */
  readonly name: string | null;
  /** Where it is good. */
  readonly parkIds: readonly string[];
  readonly validFrom: LocalDate;
  /** The last day. */
  readonly validTo: LocalDate;
  /** In all parks together; null when they are not counted. */
  readonly visits: number | null;
  /** Most people who come on one visit, grown-ups included. */
  readonly people: number;
  /** What staff took for it, and how the books name that payment. */
  readonly priceTyiyn: Tyiyn;
  readonly paymentReference: string;
  readonly issuedAtMs: number;
};

export type PassIssued = { readonly type: 'PassIssued'; readonly data: PassTerms };
export type PassVisitBooked = {
  readonly type: 'PassVisitBooked';
  readonly data: PassVisit & { readonly passId: string; readonly parkId: string };
};
export type PassVisitMoved = {
  readonly type: 'PassVisitMoved';
  readonly data: PassVisit & {
    readonly passId: string;
    readonly fromDate: LocalDate;
    /** Somebody had come in on the first day: the visit is on it, whatever else is. */
    readonly undone?: true;
  };
};
export type PassVisitReturned = {
  readonly type: 'PassVisitReturned';
  readonly data: PassVisit & { readonly passId: string };
};
export type PassCancelled = {
  readonly type: 'PassCancelled';
  readonly data: {
    readonly passId: string;
    readonly userId: string;
    /** In the words of whoever did it; personal. */
    readonly reason: string | null;
    readonly cancelledAtMs: number;
  };
};
export type PassEvent = PassIssued | PassVisitBooked | PassVisitMoved | PassVisitReturned | PassCancelled;

type PassVisit = { readonly ticketId: string; readonly visitDate: LocalDate };

export type PassCommand =
  | { readonly kind: 'issue'; readonly terms: PassTerms }
  /** A ticket is made from it in the same append. */
  | {
      readonly kind: 'book';
      readonly ticketId: string;
      readonly userId: string | null;
      readonly parkId: string;
      readonly visitDate: LocalDate;
      readonly people: number;
    }
  | { readonly kind: 'move'; readonly ticketId: string; readonly visitDate: LocalDate }
  | { readonly kind: 'move_back'; readonly ticketId: string; readonly visitDate: LocalDate }
  | { readonly kind: 'return'; readonly ticketId: string }
  | { readonly kind: 'cancel'; readonly reason: string; readonly nowMs: number };

export type PassRefusal =
  | { readonly code: 'pass_not_found' }
  | { readonly code: 'pass_not_valid'; readonly why: 'cancelled' | 'park' | 'dates' | 'people' }
  | { readonly code: 'pass_used_up' }
  | { readonly code: 'pass_day_taken' };

export type PassState = {
  readonly terms: PassTerms | null;
  readonly cancelled: boolean;
  /** Visits that count: those that came back are not among them. */
  readonly booked: readonly PassVisit[];
};

type Decision = Result<readonly PassEvent[], PassRefusal>;
type CommandOf<Kind extends PassCommand['kind']> = PassCommand & { readonly kind: Kind };

/** Whether a visit comes back when its ticket is cancelled: until the day before it, or when the park closes that day. */
export const comesBack = (why: WhyCancelled, today: LocalDate, visitDate: LocalDate): boolean =>
  why === 'day_closed' || (why !== 'override' && today < visitDate);

/**
 * A pass: visits of named parks, paid for beforehand. Each is booked as a ticket, in one append, so that the version of this
 * stream keeps their number whatever the park, the process and the moment.
 */
export const pass: Decider<PassCommand, PassState, PassEvent, PassRefusal> = {
  aggregateType: 'Pass',
  initial: { terms: null, cancelled: false, booked: [] },
  decide(command, state) {
    if (command.kind === 'issue') {
      return ok(state.terms === null ? [{ type: 'PassIssued', data: command.terms }] : []); // told twice
    }
    return state.terms === null ? refuse({ code: 'pass_not_found' }) : decideKnown(command, state, state.terms);
  },
  evolve(state, event) {
    switch (event.type) {
      case 'PassIssued':
        return { ...state, terms: event.data };
      case 'PassVisitBooked':
        return { ...state, booked: [...state.booked, visitOf(event.data)] };
      case 'PassVisitMoved':
        return { ...state, booked: [...without(state.booked, event.data.ticketId), visitOf(event.data)] };
      case 'PassVisitReturned':
        return { ...state, booked: without(state.booked, event.data.ticketId) };
      case 'PassCancelled':
        return { ...state, cancelled: true };
      default:
        return unreachable(event, 'pass event');
    }
  },
};

const visitOf = ({ ticketId, visitDate }: PassVisit): PassVisit => ({ ticketId, visitDate });

const without = (booked: readonly PassVisit[], ticketId: string): readonly PassVisit[] =>
  booked.filter((visit) => visit.ticketId !== ticketId);

function decideKnown(
  command: Exclude<PassCommand, { readonly kind: 'issue' }>,
  state: PassState,
  terms: PassTerms,
): Decision {
  const { passId, userId } = terms;
  switch (command.kind) {
    case 'book':
      return book(command, state, terms);
    case 'move':
      return move(command, state, terms);
    case 'move_back': {
      const { ticketId, visitDate } = command;
      const fromDate = state.booked.find((visit) => visit.ticketId === ticketId)?.visitDate ?? visitDate;
      if (fromDate === visitDate) return ok([]); // told twice, or it has come back
      return ok([{ type: 'PassVisitMoved', data: { passId, ticketId, fromDate, visitDate, undone: true } }]);
    }
    case 'return': {
      const visit = state.booked.find(({ ticketId }) => ticketId === command.ticketId);
      return ok(visit === undefined ? [] : [{ type: 'PassVisitReturned', data: { passId, ...visit } }]);
    }
    case 'cancel': {
      const { reason, nowMs: cancelledAtMs } = command;
      return ok(state.cancelled ? [] : [{ type: 'PassCancelled', data: { passId, userId, reason, cancelledAtMs } }]);
    }
    default:
      return unreachable(command, 'pass command');
  }
}

/** Why nobody can come on a day by this pass; null when somebody can. */
function dayObstacle(visitDate: LocalDate, state: PassState, terms: PassTerms): PassRefusal | null {
  if (state.cancelled) return { code: 'pass_not_valid', why: 'cancelled' };
  if (visitDate < terms.validFrom || visitDate > terms.validTo) return { code: 'pass_not_valid', why: 'dates' };
  return state.booked.some((visit) => visit.visitDate === visitDate) ? { code: 'pass_day_taken' } : null;
}

function book(command: CommandOf<'book'>, state: PassState, terms: PassTerms): Decision {
  const { ticketId, parkId, visitDate, people } = command;
  const { passId } = terms;
  if (terms.userId !== command.userId) return refuse({ code: 'pass_not_found' });
  if (!terms.parkIds.includes(parkId)) return refuse({ code: 'pass_not_valid', why: 'park' });
  if (people > terms.people) return refuse({ code: 'pass_not_valid', why: 'people' });
  const obstacle = dayObstacle(visitDate, state, terms);
  if (obstacle !== null) return refuse(obstacle);
  if (terms.visits !== null && state.booked.length >= terms.visits) return refuse({ code: 'pass_used_up' });
  return ok([{ type: 'PassVisitBooked', data: { passId, ticketId, parkId, visitDate } }]);
}

function move({ ticketId, visitDate }: CommandOf<'move'>, state: PassState, terms: PassTerms): Decision {
  const visit = state.booked.find((booked) => booked.ticketId === ticketId);
  if (visit === undefined) return refuse({ code: 'pass_not_found' });
  if (visit.visitDate === visitDate) return ok([]); // told twice
  const obstacle = dayObstacle(visitDate, state, terms);
  if (obstacle !== null) return refuse(obstacle);
  const moved = { passId: terms.passId, ticketId, fromDate: visit.visitDate, visitDate };
  return ok([{ type: 'PassVisitMoved', data: moved }]);
}
