import { assert, BrokenInvariant } from './assert.ts';
import { buildAppend } from './build-append.ts';
import type { Decider, DomainEvent } from './decider.ts';
import type { EventCodec } from './event-codec.ts';
import { StoreUnavailable, type Append, type AppendChain, type AppendOutcome, type Claim } from './event-store.ts';
import type { EventStore, PositionSpan } from './event-store.ts';
import type { Ids } from './ids.ts';
import { ok, refuse, type Result } from './result.ts';
import type { PendingAppend, StreamState } from './state-cache.ts';
import { step, type Step, type StepOptions } from './step.ts';
import { StreamStates, type Ahead, type Foldable, type IsHeirOf } from './stream-states.ts';
import type { Clock } from './time.ts';

export { step, type Step } from './step.ts';

/** Who asks, on whose behalf, and under which idempotency key. */
export type CommandMeta = {
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId?: string;
  /** UUID; the same command told twice has its effect once and gets the first answer. */
  readonly commandId?: string;
  readonly parkId?: string;
  /** Defaults to the clock. */
  readonly occurredAtMs?: number;
};

/** Refusals that only the store, which sees all writers, can give. */
export type StoreRefusal =
  | { readonly code: 'insufficient'; readonly account: string; readonly available: number }
  | { readonly code: 'claimed'; readonly scope: string; readonly key: string };

export type UnitDone = {
  /** The new events of all steps in order; the first time's events when `replayed`. */
  readonly events: readonly DomainEvent[];
  readonly replayed: boolean;
  /** Position of the newest of them; null when the command changed nothing. */
  readonly lastPosition: number | null;
};

export type CommandDone<State> = UnitDone & { readonly state: State };

export type CommandRunner = {
  /** Decides one command on one aggregate and stores the result. */
  run<Command, State, Event extends DomainEvent, Refusal>(
    decider: Decider<Command, State, Event, Refusal>,
    streamId: string,
    command: Command,
    meta: CommandMeta,
    options?: StepOptions & { readonly claims?: readonly Claim[] },
  ): Promise<Result<CommandDone<State>, Refusal | StoreRefusal>>;
  /** Decides several aggregates, each on a stream of its own, and stores all of it or nothing. One that decides nothing must not have moved. */
  runAll<Refusal>(
    steps: readonly Step<Refusal>[],
    meta: CommandMeta,
    options?: { readonly claims?: readonly Claim[] },
  ): Promise<Result<UnitDone, Refusal | StoreRefusal>>;
  /** The current state of an aggregate, folded from its events, and from those of streams beside its own. */
  stateOf<Command, State, Event extends DomainEvent, Refusal>(
    decider: Decider<Command, State, Event, Refusal>,
    streamId: string,
    besides?: readonly string[],
  ): Promise<{ readonly state: State; readonly version: number }>;
};

type Dependencies = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly ids: Ids;
  readonly clock: Clock;
  /** How many folded states to keep (default 10 000). */
  readonly cachedStates?: number;
  readonly isHeirOf?: IsHeirOf;
};

/** Losing this often to other processes means that something is wrong; the caller is told to come back. */
const MAX_ATTEMPTS = 100;

type Decision = { readonly base: StreamState; readonly step: Step<unknown>; readonly events: readonly DomainEvent[] };
type Done = UnitDone & { readonly states: readonly unknown[] };
type Attempt<Refusal> = Result<Done, Refusal | StoreRefusal> | 'again';

/** Everything one append is made of. */
type Unit = {
  readonly decisions: readonly Decision[];
  readonly meta: CommandMeta;
  readonly claims: readonly Claim[];
};

/** What was only looked at has to be as it was. */
const unmoved = (streamId: string, aggregateType: string, version: number) => {
  return { streamId, aggregateType, version, parkId: null, events: [] };
};

class Runner implements CommandRunner {
  readonly #store: EventStore;
  readonly #codec: EventCodec;
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #states: StreamStates;

  constructor({ store, codec, ids, clock, cachedStates = 10_000, isHeirOf }: Dependencies) {
    this.#store = store;
    this.#codec = codec;
    this.#ids = ids;
    this.#clock = clock;
    this.#states = new StreamStates(store, codec, cachedStates, isHeirOf);
  }

  async run<Command, State, Event extends DomainEvent, Refusal>(
    decider: Decider<Command, State, Event, Refusal>,
    streamId: string,
    command: Command,
    meta: CommandMeta,
    options: StepOptions & { readonly claims?: readonly Claim[] } = {},
  ): Promise<Result<CommandDone<State>, Refusal | StoreRefusal>> {
    const done = await this.runAll([step(decider, streamId, command, options)], meta, options);
    return done.ok ? ok({ ...done.value, state: done.value.states[0] as State }) : done;
  }

  async runAll<Refusal>(
    steps: readonly Step<Refusal>[],
    meta: CommandMeta,
    options: { readonly claims?: readonly Claim[] } = {},
  ): Promise<Result<Done, Refusal | StoreRefusal>> {
    assert(new Set(steps.map(({ streamId }) => streamId)).size === steps.length, 'two steps on one stream');
    for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
      // A stream that was believed new and is not must be loaded the next time.
      const parts = count === 0 ? steps : steps.map((part) => ({ ...part, isNew: false }));
      const result = await this.#attempt(parts, meta, options.claims ?? []);
      if (result !== 'again') return result;
    }
    throw new StoreUnavailable(`gave up after losing ${MAX_ATTEMPTS} times to other writers`);
  }

  async stateOf<Command, State, Event extends DomainEvent, Refusal>(
    decider: Decider<Command, State, Event, Refusal>,
    streamId: string,
    besides: readonly string[] = [],
  ): Promise<{ readonly state: State; readonly version: number }> {
    const { initial, aggregateType } = decider;
    const evolve: Foldable['evolve'] = (state, event) => decider.evolve(state as State, event as Event);
    const { state, version } = await this.#states.fold({ streamId, aggregateType, besides, initial, evolve });
    return { state: state as State, version };
  }

  async #attempt<Refusal>(
    steps: readonly Step<Refusal>[],
    meta: CommandMeta,
    claims: readonly Claim[],
  ): Promise<Attempt<Refusal>> {
    const bases: StreamState[] = [];
    for (const part of steps) bases.push(await this.#states.baseline(part));
    // From here to the append nothing is awaited, so every decision sees all that was decided before it.
    const decisions: Decision[] = [];
    for (const [index, part] of steps.entries()) {
      const base = bases[index];
      if (base === undefined || base.dropped) return 'again';
      const decided = part.decide(base.state);
      if (!decided.ok) {
        if (!(await this.#states.isCurrent(part, base))) return 'again';
        return (await this.#firstAnswer(steps, meta)) ?? decided;
      }
      if (decided.value.length > 0) this.#states.requireOwn(part.streamId, base);
      decisions.push({ base, step: part, events: decided.value });
    }
    return decisions.some(({ events }) => events.length > 0)
      ? this.#append(steps, { decisions, meta, claims })
      : this.#changeNothing(steps, decisions, meta);
  }

  async #changeNothing(
    steps: readonly Step<unknown>[],
    decisions: readonly Decision[],
    meta: CommandMeta,
  ): Promise<Attempt<never>> {
    const states = decisions.map(({ base }) => base.state);
    const checks = decisions.map(({ step: part, base }) => this.#states.isCurrent(part, base));
    if (!(await Promise.all(checks)).every(Boolean)) return 'again';
    return (await this.#firstAnswer(steps, meta)) ?? ok({ events: [], replayed: false, lastPosition: null, states });
  }

  async #append(steps: readonly Step<unknown>[], unit: Unit): Promise<Attempt<never>> {
    const { outcome: appending, states } = this.#submit(unit);
    const outcome = await appending;
    switch (outcome.outcome) {
      case 'stored': {
        const events = unit.decisions.flatMap((decision) => decision.events);
        return ok({ events, states, replayed: false, lastPosition: outcome.lastPosition });
      }
      case 'already_stored':
        return this.#replay(steps, outcome);
      case 'version_conflict':
        return 'again';
      case 'insufficient':
        return refuse({ code: 'insufficient', account: outcome.account, available: outcome.available });
      case 'claimed':
        return refuse({ code: 'claimed', scope: outcome.scope, key: outcome.key });
      case 'id_reused':
        throw new BrokenInvariant('an event id or command id was used twice');
    }
  }

  /** Lets the kept states run ahead and sends the append after those they ran ahead by. */
  #submit(unit: Unit): { readonly outcome: Promise<AppendOutcome>; readonly states: readonly unknown[] } {
    const { decisions } = unit;
    const states = decisions.map(({ base, step: part, events }) =>
      events.reduce((state, event) => part.evolve(state, event), base.state),
    );
    const earlier = decisions.flatMap(({ base }) => base.pending ?? []);
    const token = {};
    const writing = this.#write(unit, { token, after: earlier.map((pending) => pending.token) });
    const sending = Promise.all([writing, ...earlier.map(({ submitted }) => submitted)]).then(
      ([append, ...submitted]) => (submitted.every(Boolean) ? { answer: this.#store.append(append) } : null),
    );
    const streamId = decisions[0]?.step.streamId ?? '';
    const orphaned: AppendOutcome = { outcome: 'version_conflict', streamId, actualVersion: 0 };
    const answered = sending.then((sent) => sent?.answer ?? orphaned);
    const submitted = sending.then(
      (sent) => sent !== null,
      () => false,
    );
    const stored = answered.then(
      ({ outcome }) => outcome === 'stored',
      () => false,
    );
    const sent = { token, submitted, stored };
    const ahead = decisions.map(({ base, events }, index) => {
      // What was only looked at keeps no other append waiting for this one.
      if (events.length === 0) return null;
      base.state = states[index];
      base.version += events.length;
      base.pending = sent;
      return { version: base.version, state: base.state, besides: base.besides };
    });
    return { outcome: this.#afterwards(decisions, ahead, sent).then(() => answered), states };
  }

  #write({ decisions, meta, claims }: Unit, chain: AppendChain): Promise<Append> {
    const { commandId, occurredAtMs = this.#clock.now(), ...context } = meta;
    const parts = decisions.flatMap(({ base, step: { streamId, besides, aggregateType, parkOf }, events }) => [
      { streamId, aggregateType, version: base.version, parkId: parkOf(base.state), events },
      ...besides.map((beside, at) => unmoved(beside, aggregateType, base.besides[at] ?? 0)),
    ]);
    const transfers = decisions.flatMap(({ step: part, events }) => events.flatMap((event) => part.transfersOf(event)));
    const unit = { commandId, parts, transfers, claims, chain, context: { ...context, occurredAtMs } };
    return buildAppend({ codec: this.#codec, ids: this.#ids }, unit);
  }

  async #afterwards(decisions: readonly Decision[], ahead: readonly Ahead[], sent: PendingAppend): Promise<void> {
    const isStored = await sent.stored;
    for (const [index, { base, step: part }] of decisions.entries())
      this.#states.settle(part, base, { ahead: ahead[index] ?? null, append: sent, isStored });
  }

  /**
   * What the command answered the first time, if it was told before: what it would decide now may differ. Asked only once
   * that decision is known to rest on stored facts, among which the first time's events then are.
   */
  async #firstAnswer(steps: readonly Step<unknown>[], { commandId }: CommandMeta): Promise<Attempt<never> | null> {
    const span = commandId === undefined ? null : await this.#store.findCommand(commandId);
    return span === null ? null : this.#replay(steps, span);
  }

  async #replay(
    steps: readonly Step<unknown>[],
    { firstPosition, lastPosition }: PositionSpan,
  ): Promise<Attempt<never>> {
    const stored = await this.#store.read(firstPosition - 1, lastPosition - firstPosition + 1);
    const events = await Promise.all(stored.map((event) => this.#codec.decode(event)));
    const states = await Promise.all(steps.map(async (part) => (await this.#states.fold(part)).state));
    return ok({ events, states, replayed: true, lastPosition });
  }
}

/**
 * Runs commands against the log: load, decide, append at the version decided on, and again when somebody was faster.
 *
 * States are kept between commands, and a command may be decided on events that are still on their way to the log:
 * its own append then expects the version after them, so it is stored only if they are. An answer that changes nothing
 * is given only once what it was decided on is known to be stored and current.
 */
export const createCommandRunner = (dependencies: Dependencies): CommandRunner => new Runner(dependencies);
