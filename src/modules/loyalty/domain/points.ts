import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { joinLots, pointsIn, takeFrom, without, type Lot } from './lots.ts';
import type {
  PointsCommand,
  PointsEarned,
  PointsEvent,
  PointsLapsed,
  PointsRefusal,
  PointsReturned,
  PointsReversed,
  PointsState,
  TicketPoints,
} from './points-messages.ts';

const UNTOUCHED: TicketPoints = { spent: [], earned: null, reversed: 0, refundIds: [], refundedTyiyn: 0n };

const ticketOf = ({ tickets }: PointsState, ticketId: string): TicketPoints => tickets[ticketId] ?? UNTOUCHED;

type Decision = Result<readonly PointsEvent[], PointsRefusal>;
type CommandOf<Kind extends PointsCommand['kind']> = PointsCommand & { readonly kind: Kind };

/**
 * The loyalty points of one guest. What can be spent is never negative: a reversal that finds too little leaves a debt, which
 * later earnings pay. Points past their time are written off before anything else is decided, so they never count.
 */
export const points: Decider<PointsCommand, PointsState, PointsEvent, PointsRefusal> = {
  aggregateType: 'Points',
  initial: { available: [], lapsed: 0, debt: 0, tickets: {} },
  decide(command, before) {
    const overdue = lapse(command, before);
    const state = overdue.reduce(evolve, before);
    const decided = decideOn(command, state);
    // A fact told twice decides nothing, not even a lapse.
    if (!decided.ok || (decided.value.length === 0 && command.kind !== 'lapse')) return decided;
    return ok([...overdue, ...decided.value]);
  },
  evolve,
};

function decideOn(command: PointsCommand, state: PointsState): Decision {
  switch (command.kind) {
    case 'earn':
      return ok(earn(command, state));
    case 'reserve':
      return reserve(command, state);
    case 'return':
      return ok(giveBack(command, state));
    case 'reverse':
      return ok(reverse(command, state));
    case 'lapse':
      return ok([]);
    default:
      return unreachable(command, 'points command');
  }
}

function lapse({ userId, nowMs }: PointsCommand, { available }: PointsState): readonly PointsLapsed[] {
  const lots = available.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
  if (lots.length === 0) return [];
  return [{ type: 'PointsLapsed', data: { userId, points: pointsIn(lots), lots, lapsedAtMs: nowMs } }];
}

function earn(command: CommandOf<'earn'>, state: PointsState): readonly PointsEvent[] {
  const { userId, ticketId, paidTyiyn, points: count, earnedAtMs, expiresAtMs, nowMs } = command;
  if (count === 0 || ticketOf(state, ticketId).earned !== null) return [];
  const spendable = count - Math.min(count, state.debt);
  const lots = spendable === 0 ? [] : [{ points: spendable, expiresAtMs }];
  const data = { userId, ticketId, paidTyiyn, points: count, lots, earnedAtMs, expiresAtMs };
  const earned: PointsEarned = { type: 'PointsEarned', data };
  // Money may have gone back before the visit was told.
  return [earned, ...reversal({ userId, ticketId, nowMs }, evolve(state, earned))];
}

function reserve(command: CommandOf<'reserve'>, state: PointsState): Decision {
  const { userId, ticketId, points: count, nowMs } = command;
  if (count === 0 || ticketOf(state, ticketId).spent.length > 0) return ok([]);
  const available = pointsIn(state.available);
  if (available < count) return refuse({ code: 'points_insufficient', available });
  const lots = takeFrom(state.available, count);
  return ok([{ type: 'PointsReserved', data: { userId, ticketId, points: count, lots, reservedAtMs: nowMs } }]);
}

function giveBack(command: CommandOf<'return'>, state: PointsState): readonly PointsEvent[] {
  const { userId, ticketId, left, untilAtLeastMs, nowMs } = command;
  const { spent } = ticketOf(state, ticketId);
  const back = without(spent, takeFrom(spent, left));
  if (back.length === 0) return [];
  const lots = joinLots(back.map((lot) => ({ ...lot, expiresAtMs: Math.max(lot.expiresAtMs, untilAtLeastMs) })));
  return [{ type: 'PointsReturned', data: { userId, ticketId, points: pointsIn(lots), lots, returnedAtMs: nowMs } }];
}

function reverse(command: CommandOf<'reverse'>, state: PointsState): readonly PointsEvent[] {
  const { userId, ticketId, refundId, refundedTyiyn, nowMs } = command;
  if (ticketOf(state, ticketId).refundIds.includes(refundId)) return [];
  const data = { userId, ticketId, refundId, refundedTyiyn, countedAtMs: nowMs };
  const counted: PointsEvent = { type: 'RefundCounted', data };
  return [counted, ...reversal({ userId, ticketId, nowMs }, evolve(state, counted))];
}

/** What all refunds of a ticket together take of the points it earned, rounded down, less what was reversed already. */
function reversal(
  { userId, ticketId, nowMs }: { readonly userId: string; readonly ticketId: string; readonly nowMs: number },
  state: PointsState,
): readonly PointsReversed[] {
  const { earned, reversed, refundedTyiyn } = ticketOf(state, ticketId);
  if (earned === null) return [];
  const { paidTyiyn, countsUntilMs } = earned;
  const backTyiyn = refundedTyiyn < paidTyiyn ? refundedTyiyn : paidTyiyn;
  const count = Number((BigInt(earned.points) * backTyiyn) / paidTyiyn) - reversed;
  if (count === 0) return [];
  const lots = takeFrom(state.available, count);
  return [
    { type: 'PointsReversed', data: { userId, ticketId, points: count, lots, reversedAtMs: nowMs, countsUntilMs } },
  ];
}

function evolve(state: PointsState, { type, data }: PointsEvent): PointsState {
  switch (type) {
    case 'PointsEarned': {
      const { points: count, paidTyiyn, expiresAtMs: countsUntilMs, lots } = data;
      const more = add(state, lots, count - pointsIn(lots));
      return onTicket(more, data.ticketId, { earned: { points: count, paidTyiyn, countsUntilMs } });
    }
    case 'PointsReserved':
      return onTicket(take(state, data.lots), data.ticketId, { spent: data.lots });
    case 'PointsReturned':
      return onTicket(add(state, data.lots, 0), data.ticketId, { spent: spentAfter(state, data) });
    case 'RefundCounted': {
      const { refundIds, refundedTyiyn } = ticketOf(state, data.ticketId);
      const more = { refundIds: [...refundIds, data.refundId], refundedTyiyn: refundedTyiyn + data.refundedTyiyn };
      return onTicket(state, data.ticketId, more);
    }
    case 'PointsReversed': {
      const less = take(state, data.lots);
      const debt = less.debt + data.points - pointsIn(data.lots);
      const { reversed } = ticketOf(state, data.ticketId);
      return onTicket({ ...less, debt }, data.ticketId, { reversed: reversed + data.points });
    }
    case 'PointsLapsed':
      return { ...take(state, data.lots), lapsed: state.lapsed + data.points };
    default:
      return unreachable(type, 'points event');
  }
}

/** Those that lapse soonest stay spent, as if no more had ever been. */
function spentAfter(state: PointsState, { ticketId, points: back }: PointsReturned['data']): readonly Lot[] {
  const { spent } = ticketOf(state, ticketId);
  return takeFrom(spent, pointsIn(spent) - back);
}

const add = (state: PointsState, lots: readonly Lot[], paidDebt: number): PointsState => ({
  ...state,
  available: joinLots(state.available, lots),
  debt: state.debt - paidDebt,
});

const take = (state: PointsState, lots: readonly Lot[]): PointsState => ({
  ...state,
  available: without(state.available, lots),
});

const onTicket = (state: PointsState, ticketId: string, change: Partial<TicketPoints>): PointsState => ({
  ...state,
  tickets: { ...state.tickets, [ticketId]: { ...ticketOf(state, ticketId), ...change } },
});
