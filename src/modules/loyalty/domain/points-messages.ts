import type { Tyiyn } from '../../../kernel/money.ts';
import type { Lot } from './lots.ts';

/** What a movement says. `lots` are the points that could be spent and now cannot, or the other way round. */
type Moved = { readonly userId: string; readonly points: number; readonly lots: readonly Lot[] };

export type PointsEarned = {
  readonly type: 'PointsEarned';
  /** `lots` holds fewer than `points` when some of them paid a debt. */
  readonly data: Moved & {
    readonly ticketId: string;
    readonly paidTyiyn: Tyiyn;
    readonly earnedAtMs: number;
    /** Until when they can be spent and count for the tier. */
    readonly expiresAtMs: number;
  };
};

/** A ticket was made whose price they lower. */
export type PointsReserved = {
  readonly type: 'PointsReserved';
  readonly data: Moved & { readonly ticketId: string; readonly reservedAtMs: number };
};

/** The ticket they were spent on ended without a visit, or its price allows fewer of them; the others stay spent. */
export type PointsReturned = {
  readonly type: 'PointsReturned';
  readonly data: Moved & { readonly ticketId: string; readonly returnedAtMs: number };
};

/** Money for a ticket went back. No movement by itself: the points may not be earned yet. */
export type RefundCounted = {
  readonly type: 'RefundCounted';
  readonly data: {
    readonly userId: string;
    readonly ticketId: string;
    readonly refundId: string;
    readonly refundedTyiyn: Tyiyn;
    readonly countedAtMs: number;
  };
};

export type PointsReversed = {
  readonly type: 'PointsReversed';
  /** `lots` holds fewer than `points` when the balance lacked some: these are owed. */
  readonly data: Moved & {
    readonly ticketId: string;
    readonly reversedAtMs: number;
    /** When the earning that is reversed ceases to count for the tier. */
    readonly countsUntilMs: number;
  };
};

export type PointsLapsed = { readonly type: 'PointsLapsed'; readonly data: Moved & { readonly lapsedAtMs: number } };

export type PointsEvent =
  PointsEarned | PointsReserved | PointsReturned | RefundCounted | PointsReversed | PointsLapsed;

type Asked = { readonly userId: string; readonly nowMs: number };

export type PointsCommand = Asked &
  (
    | {
        readonly kind: 'earn';
        readonly ticketId: string;
        readonly paidTyiyn: Tyiyn;
        /** What the money is worth by the figures in force. */
        readonly points: number;
        readonly earnedAtMs: number;
        readonly expiresAtMs: number;
      }
    | { readonly kind: 'reserve'; readonly ticketId: string; readonly points: number }
    | {
        readonly kind: 'return';
        readonly ticketId: string;
        /** How many stay spent. */
        readonly left: number;
        /** Until when they can be spent at least. */
        readonly untilAtLeastMs: number;
      }
    | {
        readonly kind: 'reverse';
        readonly ticketId: string;
        readonly refundId: string;
        readonly refundedTyiyn: Tyiyn;
      }
    | { readonly kind: 'lapse' }
  );

export type PointsRefusal = { readonly code: 'points_insufficient'; readonly available: number };

/** What one ticket did to the points of its guest. */
export type TicketPoints = {
  /** What was reserved for it and has not come back. */
  readonly spent: readonly Lot[];
  readonly earned: { readonly points: number; readonly paidTyiyn: Tyiyn; readonly countsUntilMs: number } | null;
  readonly reversed: number;
  readonly refundIds: readonly string[];
  readonly refundedTyiyn: Tyiyn;
};

export type PointsState = {
  /** What can be spent, soonest lapse first; lots past their time count no more although they are still here. */
  readonly available: readonly Lot[];
  readonly lapsed: number;
  /** What later earnings have to pay first. */
  readonly debt: number;
  readonly tickets: Readonly<Record<string, TicketPoints>>;
};
