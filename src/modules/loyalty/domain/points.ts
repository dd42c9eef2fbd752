import { assert } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok } from '../../../kernel/result.ts';
import { addDays, epochDay, isLocalDate, MS_A_DAY } from '../../../kernel/time.ts';

export type PointsEarned = {
  readonly type: 'PointsEarned';
  readonly data: {
    readonly userId: string;
    readonly ticketId: string;
    readonly paidTyiyn: Tyiyn;
    /** At least 1. */
    readonly points: number;
    readonly earnedAtMs: number;
    /** Until when they can be spent and count for the tier. */
    readonly expiresAtMs: number;
  };
};

export type PointsEvent = PointsEarned;

export type PointsCommand = {
  readonly kind: 'earn';
  readonly userId: string;
  readonly ticketId: string;
  readonly paidTyiyn: Tyiyn;
  readonly earnedAtMs: number;
};

export type PointsState = {
  /** Points and tickets that brought them. */
  readonly earned: Readonly<Record<string, number>>;
  readonly balance: number;
};

/** 10 som. */
const TYIYN_A_POINT = 1_000n;

/** One point for every whole 10 som paid. */
export function pointsFor(paidTyiyn: Tyiyn): number {
  assert(paidTyiyn >= 0n, `nobody pays ${paidTyiyn} tyiyn`);
  return Number(paidTyiyn / TYIYN_A_POINT);
}

/** The same moment a year later in UTC; a year after 29 February is 1 March. */
export function twelveMonthsAfter(instantMs: number): number {
  const day = Math.floor(instantMs / MS_A_DAY);
  const date = addDays('1970-01-01', day);
  const sameDay = `${String(Number(date.slice(0, 4)) + 1).padStart(4, '0')}${date.slice(4)}`;
  const nextYear = isLocalDate(sameDay) ? sameDay : `${sameDay.slice(0, 4)}-03-01`;
  return instantMs + (epochDay(nextYear) - day) * MS_A_DAY;
}

/** The loyalty points of one guest. A ticket earns once, however often the visit is told. */
export const points: Decider<PointsCommand, PointsState, PointsEvent, never> = {
  aggregateType: 'Points',
  initial: { earned: {}, balance: 0 },
  decide({ userId, ticketId, paidTyiyn, earnedAtMs }, state) {
    const count = pointsFor(paidTyiyn);
    if (count === 0 || Object.hasOwn(state.earned, ticketId)) return ok([]);
    const expiresAtMs = twelveMonthsAfter(earnedAtMs);
    const data = { userId, ticketId, paidTyiyn, points: count, earnedAtMs, expiresAtMs };
    return ok([{ type: 'PointsEarned', data }]);
  },
  evolve: (state, { data }) => ({
    earned: { ...state.earned, [data.ticketId]: data.points },
    balance: state.balance + data.points,
  }),
};
