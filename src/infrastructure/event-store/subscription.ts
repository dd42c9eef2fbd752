import { BrokenInvariant } from '../../kernel/assert.ts';
import type { EventCodec, Recorded } from '../../kernel/event-codec.ts';
import { StoreUnavailable, type EventStore, type StoredEvent } from '../../kernel/event-store.ts';
import type { SubscriptionTable } from './subscription-table.ts';
import type { Wakeups } from './wakeups.ts';

export type SubscriptionSettings = {
  /** Name of the checkpoint; `flow.<name>` for flows. */
  readonly name: string;
  /** Only these types; all when absent. */
  readonly eventTypes?: readonly string[];
  /** Called in position order, at least once an event. A rejection is tried again, then the event is parked. */
  readonly handle: (event: Recorded) => Promise<void>;
  /** Events a read. Default 500. */
  readonly batchSize?: number;
  /** Tries an event gets before it is parked. Default 3. */
  readonly attempts?: number;
  /** How long a reader that went silent keeps others out. Default 10 s. */
  readonly leaseMs?: number;
};

export type SubscriptionHost = {
  readonly store: Pick<EventStore, 'read' | 'headPosition'>;
  readonly codec: Pick<EventCodec, 'decode'>;
  readonly table: SubscriptionTable;
  readonly wakeups: Wakeups;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of every failed try, every parked event and every trouble with the store. */
  readonly onError: (
    what: { readonly subscription: string; readonly position?: number; readonly parked?: boolean },
    error: unknown,
  ) => void;
};

export type Subscription = {
  /** The position up to which everything was handled or parked, as this process last knew it. */
  position(): number;
  /** Whether this process reads for the subscription now. */
  leading(): boolean;
  /** Stops after the event in hand and gives the lease back. */
  stop(): Promise<void>;
};

/** LISTEN is only a hint: a reader that hears nothing looks by itself this often. */
const POLL_MS = 500;
const RETRY_PAUSE_MS = 50;

/** What became of an event: null when it was handled. */
type Failure = { readonly error: unknown } | null;

class Reader implements Subscription {
  readonly #settings: SubscriptionSettings;
  readonly #host: SubscriptionHost;
  readonly #leaseMs: number;
  readonly #running: Promise<void>;
  /** Ends the pause of a reader without a lease. */
  #endPause: () => void = () => undefined;
  #stopping = false;
  #leading = false;
  /** Set when the table said that somebody else has the lease. */
  #lost = false;
  #position = 0;

  constructor(settings: SubscriptionSettings, host: SubscriptionHost) {
    this.#settings = settings;
    this.#host = host;
    this.#leaseMs = settings.leaseMs ?? 10_000;
    this.#running = this.#run();
  }

  position(): number {
    return this.#position;
  }

  leading(): boolean {
    return this.#leading;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#endPause();
    this.#host.wakeups.wakeAll();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { name } = this.#settings;
    while (!this.#stopping) {
      await this.#lead().catch((error: unknown) => this.#host.onError({ subscription: name }, error));
      // Who has no lease asks for it by the clock, not at every event the other one handles.
      if (!this.#stopping) await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#endPause = resolve;
    });
    await Promise.race([this.#host.sleep(POLL_MS), stopped]);
  }

  async #lead(): Promise<void> {
    const { table, wakeups } = this.#host;
    const { name } = this.#settings;
    const lease = await table.acquire(name, this.#leaseMs);
    if (lease === null) return;
    this.#position = lease.position;
    this.#lost = false;
    this.#leading = true;
    const heartbeat = setInterval(() => void this.#beat(lease.fence), this.#leaseMs / 3);
    try {
      while (!this.#stopping && !this.#lost) {
        const woken = wakeups.next(POLL_MS);
        if (!(await this.#advance(lease.fence))) await woken;
      }
    } finally {
      clearInterval(heartbeat);
      this.#leading = false;
      // After an error as well: what was handled before it need not be handled again.
      await this.#save(lease.fence);
    }
    if (!this.#lost) await table.release(name, lease.fence);
  }

  /** Keeps the lease while a handler takes its time. */
  async #beat(fence: number): Promise<void> {
    await this.#save(fence).catch((error: unknown) => this.#host.onError({ subscription: this.#settings.name }, error));
  }

  async #save(fence: number): Promise<void> {
    const { name } = this.#settings;
    if (!(await this.#host.table.checkpoint(name, fence, this.#position, this.#leaseMs))) this.#lost = true;
  }

  /** One batch; answers whether there may be more. */
  async #advance(fence: number): Promise<boolean> {
    const { store } = this.#host;
    const { batchSize = 500, eventTypes } = this.#settings;
    const parked = await this.#retryParked(fence);
    // The head is read first: all up to it is readable, so a short batch means there is nothing else below it.
    const head = await store.headPosition();
    if (head <= this.#position) return false;
    const events = await store.read(this.#position, batchSize, eventTypes);
    for (const event of events) {
      if (this.#stopping || this.#lost) return false;
      await this.#take(event, fence, parked);
    }
    if (this.#lost) return false;
    if (events.length < batchSize) this.#position = Math.max(this.#position, head);
    // A position moved over foreign events alone is worth no write: the heartbeat saves it.
    if (events.length > 0) await this.#save(fence);
    return events.length === batchSize;
  }

  async #take(event: StoredEvent, fence: number, parked: Set<string>): Promise<void> {
    const behind = parked.has(event.streamId);
    const failure = behind ? { error: 'waits behind a parked event' } : await this.#tryHandle(event);
    if (failure !== null) {
      const { name, attempts = 3 } = this.#settings;
      const isParked = await this.#host.table.park(name, fence, event, String(failure.error), behind ? 0 : attempts);
      if (!isParked) {
        this.#lost = true;
        return;
      }
      parked.add(event.streamId);
    }
    this.#position = event.position;
  }

  /** The failure of the last try. Without its store no event can be handled: that is not the event's fault, and throws. */
  async #tryHandle(stored: StoredEvent): Promise<Failure> {
    const { name, handle, attempts = 3 } = this.#settings;
    const { codec, onError, sleep } = this.#host;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await handle(await codec.decode(stored));
        return null;
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        const parked = attempt >= attempts;
        onError({ subscription: name, position: stored.position, parked }, error);
        if (parked) return { error };
        await sleep(RETRY_PAUSE_MS * attempt);
      }
    }
  }

  /** Tries again what operators asked for; answers the aggregates that still have parked events. */
  async #retryParked(fence: number): Promise<Set<string>> {
    const { name } = this.#settings;
    const { table } = this.#host;
    const before = await table.parked(name);
    if (![...before.values()].some(Boolean)) return new Set(before.keys());
    for (const [aggregateId, isWanted] of before) {
      if (isWanted && !this.#stopping && !this.#lost) await this.#retryAggregate(aggregateId, fence);
    }
    return new Set((await table.parked(name)).keys());
  }

  async #retryAggregate(aggregateId: string, fence: number): Promise<void> {
    const { name, attempts = 3 } = this.#settings;
    const { table, store } = this.#host;
    for (const position of await table.parkedPositions(name, aggregateId)) {
      const [event] = await store.read(position - 1, 1);
      if (event === undefined) throw new BrokenInvariant(`parked event ${position} is not in the log`);
      const failure = await this.#tryHandle(event);
      const isKept =
        failure === null
          ? await table.resolve(name, fence, position)
          : await table.park(name, fence, event, String(failure.error), attempts);
      if (!isKept) this.#lost = true;
      if (failure !== null || this.#lost) break;
    }
    await table.endRetry(name, fence, aggregateId);
  }
}

/**
 * Reads the log for one purpose, in order, in at most one process at a time: the owner of the subscription's lease. A
 * former owner that wakes up late cannot move the checkpoint, because the fence has risen.
 */
export const startSubscription = (settings: SubscriptionSettings, host: SubscriptionHost): Subscription =>
  new Reader(settings, host);
