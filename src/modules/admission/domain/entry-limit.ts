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

/**
 * The counters of a day that another node has kept, or this one in a life before or on another machine, go on here: who is inside by what
 * was told, and the room that is left by the limit.
 */
export type GateDayInherited = {
  readonly type: 'GateDayInherited';
  /** `room` may be below zero; both are what the counters here lacked. */
  readonly data: GateDay & {
    readonly ofNode: string;
    readonly room: number;
    readonly inside: number;
    /** The limit of the day; null in the first version, where it was set on the same stream. */
    readonly people: number | null;
  };
};

export type EntryLimitEvent = EntryLimitSet | GateDayInherited;

/** `people` is how many may be inside at once. */
export type EntryLimitCommand = GateDay & { readonly people: number };

type EntryLimitState = { readonly people: number };

/** How many people a park lets in at once on a day; it follows the park's capacity and may be lowered under who is inside. */
export const entryLimit: Decider<EntryLimitCommand, EntryLimitState, EntryLimitEvent, never> = {
  aggregateType: 'GateDay',
  initial: { people: 0 },
  decide({ parkId, visitDate, people }, state): Result<readonly EntryLimitSet[], never> {
    const data = { parkId, visitDate, fromPeople: state.people, toPeople: people };
    return ok(people === state.people ? [] : [{ type: 'EntryLimitSet', data }]);
  },
  evolve: (state, event) => ({
    people: event.type === 'EntryLimitSet' ? event.data.toPeople : (event.data.people ?? state.people),
  }),
  transfersOf(event): readonly Transfer[] {
    const room = entryAccount(event.data, 'room');
    if (event.type === 'EntryLimitSet') return changed(room, event.data.toPeople - event.data.fromPeople);
    return [...changed(room, event.data.room), ...changed(entryAccount(event.data, 'inside'), event.data.inside)];
  },
};

export type InheritCommand = GateDay & {
  readonly ofNode: string;
  /** How many may be inside, as that node has set it last; 0: it has not. */
  readonly people: number;
  /** People inside by what the node told of the day's tickets. */
  readonly inside: number;
  /** What the counters here are. */
  readonly before: { readonly room: number; readonly inside: number };
};

/** Of a day at whose gates nobody asked to come in there is nothing to go on with. */
export const inheritedGateDay: Decider<InheritCommand, EntryLimitState, EntryLimitEvent, never> = {
  ...entryLimit,
  decide({ parkId, visitDate, ofNode, people, before, ...told }): Result<readonly GateDayInherited[], never> {
    const [room, inside] = [people - told.inside - before.room, told.inside - before.inside];
    if (people === 0 || (room === 0 && inside === 0)) return ok([]);
    return ok([{ type: 'GateDayInherited', data: { parkId, visitDate, ofNode, room, inside, people } }]);
  },
};

function changed(account: string, more: number): readonly Transfer[] {
  if (more === 0) return [];
  return more > 0
    ? [{ from: null, to: account, amount: more }]
    : [{ from: account, to: null, amount: -more, overdraws: true }];
}
