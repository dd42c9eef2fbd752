import type { Decider, DomainEvent, Transfer } from './decider.ts';
import type { Result } from './result.ts';
import type { Foldable } from './stream-states.ts';

export type StepOptions = {
  /** The streams are believed to be empty, so nothing is loaded before deciding. */
  readonly isNew?: boolean;
  /** Streams on which other nodes write of the same thing: what is known of them is decided on too. */
  readonly besides?: readonly string[];
};

/** One aggregate's part in a unit of work; made by `step`. */
export type Step<Refusal> = Foldable & {
  /** The stream is known to be new (a fresh id), so nothing is loaded before deciding. */
  readonly isNew: boolean;
  decide(this: void, state: unknown): Result<readonly DomainEvent[], Refusal>;
  transfersOf(this: void, event: DomainEvent): readonly Transfer[];
  parkOf(this: void, state: unknown): string | null;
};

export function step<Command, State, Event extends DomainEvent, Refusal>(
  decider: Decider<Command, State, Event, Refusal>,
  streamId: string,
  command: Command,
  { isNew = false, besides = [] }: StepOptions = {},
): Step<Refusal> {
  // A step hides its aggregate's types so that steps of several aggregates fit in one list; the casts restore them.
  return {
    streamId,
    aggregateType: decider.aggregateType,
    besides,
    isNew,
    initial: decider.initial,
    decide: (state) => decider.decide(command, state as State),
    evolve: (state, event) => decider.evolve(state as State, event as Event),
    transfersOf: (event) => decider.transfersOf?.(event as Event) ?? [],
    parkOf: (state) => decider.parkOf?.(state as State) ?? null,
  };
}
