import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';

/** A park's day at its gates: people are counted against the day of their ticket, so nobody who never went out fills the next. */
export type GateDay = { readonly parkId: string; readonly visitDate: LocalDate };

/**
 * The counters of a day: `inside` is who is in the park, `room` who else may come in. Together they are the limit, always.
 * `room` is below zero while more are inside than the limit: then nobody comes in until enough have gone out.
 */
export const entryAccount = ({ parkId, visitDate }: GateDay, what: 'room' | 'inside'): string =>
  `entry/${parkId}/${visitDate}/${what}`;

export type EntryLimitSet = {
  readonly type: 'EntryLimitSet';
  readonly data: GateDay & { readonly fromPeople: number; readonly toPeople: number };
};

/** `people` is how many may be inside at once. */
export type EntryLimitCommand = GateDay & { readonly people: number };

/** How many people a park lets in at once on a day; it follows the park's capacity and may be lowered under who is inside. */
export const entryLimit: Decider<EntryLimitCommand, { readonly people: number }, EntryLimitSet, never> = {
  aggregateType: 'GateDay',
  initial: { people: 0 },
  decide({ parkId, visitDate, people }, state): Result<readonly EntryLimitSet[], never> {
    const data = { parkId, visitDate, fromPeople: state.people, toPeople: people };
    return ok(people === state.people ? [] : [{ type: 'EntryLimitSet', data }]);
  },
  evolve: (_state, { data }) => ({ people: data.toPeople }),
  transfersOf({ data }): readonly Transfer[] {
    const room = entryAccount(data, 'room');
    const more = data.toPeople - data.fromPeople;
    return more > 0
      ? [{ from: null, to: room, amount: more }]
      : [{ from: room, to: null, amount: -more, overdraws: true }];
  },
};
