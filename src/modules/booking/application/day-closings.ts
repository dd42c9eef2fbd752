import type { LocalDate } from '../../../kernel/time.ts';

/** A day whose tickets are cancelled. */
export type ClosedDay = {
  readonly closingId: string;
  readonly parkId: string;
  readonly date: LocalDate;
  /** Null once its key was destroyed. */
  readonly reason: string | null;
  readonly startedAtMs: number;
};

/** How far the end of a day is. */
export type DayClosingView = ClosedDay & {
  /** Those that were cancelled for it, that are still to be, and that somebody came in with. */
  readonly tickets: number;
  readonly cancelled: number;
  /** Somebody came in with them, so they stay. */
  readonly admitted: number;
  /** Cancelled ones whose money is out again. */
  readonly refunded: number;
  /** Still to be cancelled, by whichever node sold them. */
  readonly waiting: number;
  /** Nothing is left to cancel, and all money is out. */
  readonly done: boolean;
};

/** Port: ends of days from the read model. */
export type DayClosings = {
  find(parkId: string, date: LocalDate, nowMs: number): Promise<DayClosingView | null>;
  /** Days from `from` on. */
  since(from: LocalDate): Promise<readonly ClosedDay[]>;
  /**
   * Tickets of a day that are this node's to cancel, by id, without those whose gates were asked already.
   * @param after only those with a greater id
   */
  waiting(
    day: Pick<ClosedDay, 'parkId' | 'date'>,
    nowMs: number,
    after: string | null,
    limit: number,
  ): Promise<readonly string[]>;
};
