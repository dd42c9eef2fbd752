import type { Result } from './result.ts';

/**
 * A fact. `type` is past tense and unique in the whole program; `data` is plain JSON, except that
 * fields whose name ends in `Tyiyn` are bigint (the codec stores them as decimal strings).
 */
export type DomainEvent = { readonly type: string; readonly data: object };

/**
 * Moves `amount` from one named counter to another; `null` is the outside world. No counter goes below zero: the store
 * refuses the whole append instead. Only a transfer that `overdraws` takes what is not there: the counter then owes it, and
 * gives nothing to others until what comes in has made up for it.
 */
export type Transfer = {
  readonly from: string | null;
  readonly to: string | null;
  readonly amount: number;
  readonly overdraws?: boolean;
};

/**
 * An aggregate as pure functions (Jérémie Chassaing's decider). `decide` answers the events a command causes, none when
 * the fact is already there, or a refusal; `evolve` folds one event into the state. Neither reads a clock, a random
 * source or the outside.
 */
export type Decider<Command, State, Event extends DomainEvent, Refusal> = {
  readonly aggregateType: string;
  readonly initial: State;
  decide(this: void, command: Command, state: State): Result<readonly Event[], Refusal>;
  evolve(this: void, state: State, event: Event): State;
  /** The park of the aggregate as it was before a command that says none: events of a park are told to its node. */
  parkOf?(this: void, state: State): string | null;
  /**
   * The counter movements one event stands for. Counters are thereby a fold of the events and can be recomputed
   * from them; the store enforces them in the append itself.
   */
  transfersOf?(this: void, event: Event): readonly Transfer[];
};
