import type { Decider } from '../../../kernel/decider.ts';
import { ok } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { Personal } from '../../../kernel/vault.ts';

/** From now on every ticket of the day that nobody has used is cancelled, also one that was sold in the same moment. */
export type DayClosingStarted = {
  readonly type: 'DayClosingStarted';
  readonly data: {
    readonly closingId: string;
    readonly parkId: string;
    readonly date: LocalDate;
    /** In the words of whoever did it. */
    readonly reason: Personal<string>;
    readonly startedAtMs: number;
  };
};

export type StartDayClosing = DayClosingStarted['data'] & { readonly kind: 'start' };

/** The end of a sold day. There is one for each park and date; told twice it stays the first. */
export const dayClosing: Decider<StartDayClosing, { readonly started: boolean }, DayClosingStarted, never> = {
  aggregateType: 'DayClosing',
  initial: { started: false },
  decide: ({ kind: _kind, ...data }, { started }) => ok(started ? [] : [{ type: 'DayClosingStarted', data }]),
  evolve: () => ({ started: true }),
};
