import { assert } from './assert.ts';
import type { DomainEvent } from './decider.ts';
import type { EventCodec } from './event-codec.ts';
import type { EventStore } from './event-store.ts';
import {
  createStateCache,
  streamState,
  type PendingAppend,
  type Snapshot,
  type StateCache,
  type StreamState,
} from './state-cache.ts';

/** Thrown when an event would go to a stream that another node writes: that node is the place to ask. */
export class ForeignStream extends Error {
  override readonly name = 'ForeignStream';
}

/**
 * Port: whether this node goes on with what another one wrote. It may say so only when nothing of the other is stored here any
 * more, and must say so for ever.
 */
export type IsHeirOf = (nodeId: string) => Promise<boolean>;

/** How a stream is folded. */
export type Foldable = {
  readonly streamId: string;
  /** What stands there. Callers name ids of every kind: one that is of another kind of thing is one of nothing. */
  readonly aggregateType: string;
  /** Streams of other writers that are folded in, each event where it came to be known here. Empty for nearly everything. */
  readonly besides: readonly string[];
  readonly initial: unknown;
  evolve(this: void, state: unknown, event: DomainEvent): unknown;
};

/** What a state is with an append that is on its way; null where the stream is only looked at. */
export type Ahead = Snapshot | null;

const nothingOf = ({ initial, besides }: Foldable): Snapshot => ({
  version: 0,
  state: initial,
  besides: besides.map(() => 0),
});

/** What is folded from other streams, or as another kind of thing, is another state. */
const keyOf = ({ streamId, aggregateType, besides }: Foldable): string => [aggregateType, streamId, ...besides].join();

/** The states commands are decided on: kept from command to command, read from the log when they are not there. */
export class StreamStates {
  readonly #store: Pick<EventStore, 'load' | 'nodeId'>;
  readonly #codec: Pick<EventCodec, 'decode'>;
  readonly #cache: StateCache;
  readonly #isHeirOf: IsHeirOf;

  constructor(
    store: Pick<EventStore, 'load' | 'nodeId'>,
    codec: Pick<EventCodec, 'decode'>,
    capacity: number,
    isHeirOf: IsHeirOf = async () => false,
  ) {
    this.#store = store;
    this.#codec = codec;
    this.#cache = createStateCache(capacity);
    this.#isHeirOf = isHeirOf;
  }

  /** The kept state, possibly behind or ahead of the log; read now when none is kept and the stream is not known as new. */
  async baseline(part: Foldable & { readonly isNew: boolean }): Promise<StreamState> {
    const base = this.#cache.getOrAdd(keyOf(part), () => streamState(nothingOf(part), !part.isNew));
    if (base.behind) {
      base.refreshing ??= this.#refresh(part, base);
      await base.refreshing;
    }
    const { writtenBy } = base;
    const isForeign = writtenBy !== null && writtenBy !== this.#store.nodeId && writtenBy !== base.inheritedFrom;
    if (isForeign && (await this.#isHeirOf(writtenBy))) base.inheritedFrom = writtenBy;
    return base;
  }

  /**
   * Whether the state, as it is at the call, was the newest at some moment from now on: all of it stored and, unless this
   * process itself just stored it, nothing behind it in the log. A decision that appends nothing must ask; one that appends
   * is checked by the append.
   */
  async isCurrent(part: Foldable, base: StreamState): Promise<boolean> {
    return base.pending === null ? !(await this.#catchUp(part, base)) : base.pending.stored;
  }

  /**
   * A stream is of one kind of thing, and has one writer: two that both append to it could not be told from one that lost its
   * memory. Who inherits from a writer of which nothing is taken any more goes on with its streams.
   * @throws ForeignStream
   */
  requireOwn(streamId: string, { writtenBy, inheritedFrom, isOfAnotherKind }: StreamState): void {
    const { nodeId } = this.#store;
    assert(!isOfAnotherKind, `stream ${streamId} is of another kind of thing: nothing may be written there`);
    if (writtenBy === null || writtenBy === nodeId || writtenBy === inheritedFrom) return;
    throw new ForeignStream(`stream ${streamId} is written by node ${writtenBy}; node ${nodeId} must not append to it`);
  }

  /**
   * Takes note of how an append ended: the state with it is the stored one, or never was. Of a stream that was only looked at
   * (`ahead` is null) nothing was counted on; where the append was not stored, the log may hold more of it.
   */
  settle(
    part: Foldable,
    base: StreamState,
    { ahead, append, isStored }: { readonly ahead: Ahead; readonly append: PendingAppend; readonly isStored: boolean },
  ): void {
    if (!isStored && ahead === null) base.behind = true;
    else if (!isStored) this.#cache.drop(keyOf(part), base);
    else if (ahead !== null && ahead.version > base.confirmed.version) base.confirmed = ahead;
    if (isStored && base.pending === append) base.pending = null;
  }

  /** The state as the log has it. */
  async fold(part: Foldable): Promise<Snapshot> {
    const fresh = streamState(nothingOf(part), false);
    await this.#catchUp(part, fresh);
    return fresh.confirmed;
  }

  async #refresh(part: Foldable, base: StreamState): Promise<void> {
    try {
      // What is read passes for stored together with what it is folded on, so nothing of that may still be on its way.
      while (base.pending !== null && !base.dropped) await base.pending.stored;
      if (base.dropped) return;
      await this.#catchUp(part, base);
      base.behind = false;
    } finally {
      base.refreshing = null;
    }
  }

  /** Folds what the log holds beyond a state; answers whether there was anything. */
  async #catchUp({ streamId, aggregateType, besides, evolve }: Foldable, base: StreamState): Promise<boolean> {
    const { version: from, besides: fromBeside } = base;
    const [own, ...others] = await Promise.all([
      this.#store.load(streamId, from),
      ...besides.map((beside, at) => this.#store.load(beside, fromBeside[at])),
    ]);
    const isOfAnotherKind = own.events.some((event) => event.aggregateType !== aggregateType);
    const told = [own, ...others].flatMap(({ events }) => (isOfAnotherKind && events === own.events ? [] : events));
    if (told.length === 0 && !isOfAnotherKind) return false;
    const inTurn = others.length === 0 ? told : told.toSorted((one, other) => one.position - other.position);
    const events = await Promise.all(inTurn.map((event) => this.#codec.decode(event)));
    if (base.version === from && base.besides === fromBeside) {
      base.state = events.reduce((state, event) => evolve(state, event), base.state);
      base.version = own.events.length === 0 ? from : own.version;
      base.besides = others.map(({ version }) => version);
      base.writtenBy = own.events.at(-1)?.nodeId ?? base.writtenBy;
      base.isOfAnotherKind ||= isOfAnotherKind;
      base.confirmed = { version: base.version, state: base.state, besides: base.besides };
    }
    return true;
  }
}
