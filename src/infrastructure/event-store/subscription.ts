import { BrokenInvariant } from '../../kernel/assert.ts';
import type { EventCodec, Recorded } from '../../kernel/event-codec.ts';
import { StoreUnavailable, type EventStore, type StoredEvent } from '../../kernel/event-store.ts';
import type { Delivered, Delivery, Inbox } from './delivery.ts';
import { whileLeading, type HeldLease } from './held-lease.ts';
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

/** Which event it was, and which request or job it began with. */
export type HandledEvent = { readonly position: number; readonly type: string; readonly correlationId: string };

export type SubscriptionHost = {
  readonly store: Pick<EventStore, 'read' | 'headPosition'>;
  readonly codec: Pick<EventCodec, 'decode'>;
  readonly table: SubscriptionTable;
  readonly wakeups: Wakeups;
  /** Brings events to readers; without it they read the log themselves. */
  readonly delivery?: Delivery;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of every failed try, every parked event and every trouble with the store. */
  readonly onError: (
    what: { readonly subscription: string; readonly parked?: boolean } & Partial<HandledEvent>,
    error: unknown,
  ) => void;
  /** Told of every event that was handled. */
  readonly onHandled?: (what: { readonly subscription: string } & HandledEvent) => void;
  /** Told when events were delivered with others missing before them, which are then read from the log. */
  readonly onGap?: (subscription: string) => void;
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
/**
 * So often a reader whose events are delivered looks into the log all the same: a delivery may lose the last of them, and
 * operators ask there for another try of what is parked.
 */
const LOOK_MS = 1000;
const RETRY_PAUSE_MS = 50;

/** What became of an event: null when it was handled. */
type Failure = { readonly error: unknown } | null;

class Reader implements Subscription {
  readonly #settings: SubscriptionSettings;
  readonly #host: SubscriptionHost;
  readonly #running: Promise<void>;
  /** Ends the pause of a reader without a lease. */
  #endPause: () => void = () => undefined;
  #stopping = false;
  #held: HeldLease | null = null;
  /** Where it was when it last led. */
  #position = 0;
  /** When a reader whose events are delivered looks into the log again. */
  #lookAtMs = 0;
  /** Whether the log held more than one batch when it was last read. */
  #isBehind = false;

  constructor(settings: SubscriptionSettings, host: SubscriptionHost) {
    this.#settings = settings;
    this.#host = host;
    this.#running = this.#run();
  }

  position(): number {
    return this.#held?.position ?? this.#position;
  }

  leading(): boolean {
    return this.#held !== null;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#endPause();
    this.#host.wakeups.wakeAll();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { name, leaseMs = 10_000 } = this.#settings;
    const { table, onError } = this.#host;
    const host = { table, onError: (error: unknown) => onError({ subscription: name }, error) };
    while (!this.#stopping) {
      await whileLeading(host, name, leaseMs, (held) => this.#lead(held)).catch(host.onError);
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

  async #lead(held: HeldLease): Promise<void> {
    const { wakeups, delivery } = this.#host;
    this.#held = held;
    this.#lookAtMs = 0;
    this.#isBehind = false;
    const inbox = delivery?.open(this.#settings, () => wakeups.wakeAll()) ?? null;
    try {
      while (!this.#stopping && !held.isLost) {
        const woken = wakeups.next(POLL_MS);
        if (!(await this.#advance(held, inbox))) await woken;
      }
    } finally {
      this.#position = held.position;
      this.#held = null;
      await inbox?.close();
    }
  }

  /** One batch; answers whether there may be more. */
  async #advance(held: HeldLease, inbox: Inbox | null): Promise<boolean> {
    const isDelivered = inbox?.connected() === true && !this.#isBehind && performance.now() < this.#lookAtMs;
    if (!isDelivered) return this.#readLog(held);
    const delivered = inbox.take(this.#settings.batchSize ?? 500);
    if (delivered.length > 0) await this.#takeDelivered(delivered, held);
    return delivered.length > 0;
  }

  /** Handles what was delivered; from the first gap on it reads the log instead. */
  async #takeDelivered(delivered: readonly Delivered[], held: HeldLease): Promise<void> {
    const { table, onGap } = this.#host;
    const { name } = this.#settings;
    const parkedNow = async (): Promise<Set<string>> => new Set((await table.parked(name)).keys());
    const [inLog, before] = [await table.inLog(delivered.map(({ event }) => event)), held.position];
    let parked = await parkedNow();
    for (const { event, afterPosition, done } of delivered) {
      if (this.#stopping || held.isLost) return;
      // A log that was restored does not have what was published after that moment; the broker may still.
      const isNext = event.position > held.position && inLog.has(event.position);
      if (isNext && afterPosition > held.position) {
        onGap?.(name);
        await this.#readAll(held);
        parked = await parkedNow();
      } else if (isNext) await this.#take(event, held, parked);
      if (event.position <= held.position || !inLog.has(event.position)) done();
    }
    if (held.position > before) await held.save();
  }

  async #readAll(held: HeldLease): Promise<void> {
    while (await this.#readLog(held));
  }

  /** One batch of the log; answers whether there may be more. */
  async #readLog(held: HeldLease): Promise<boolean> {
    const { store } = this.#host;
    const { batchSize = 500, eventTypes } = this.#settings;
    const parked = await this.#retryParked(held);
    // The head is read first: all up to it is readable, so a short batch means there is nothing else below it.
    const head = await store.headPosition();
    this.#lookAtMs = performance.now() + LOOK_MS;
    if (head <= held.position) return false;
    const events = await store.read(held.position, batchSize, eventTypes);
    for (const event of events) {
      if (this.#stopping || held.isLost) return false;
      await this.#take(event, held, parked);
    }
    if (held.isLost) return false;
    if (events.length < batchSize) held.position = Math.max(held.position, head);
    // A position moved over foreign events alone is worth no write: the heartbeat saves it.
    if (events.length > 0) await held.save();
    this.#isBehind = events.length === batchSize;
    return this.#isBehind;
  }

  async #take(event: StoredEvent, held: HeldLease, parked: Set<string>): Promise<void> {
    const behind = parked.has(event.streamId);
    const failure = behind ? { error: 'waits behind a parked event' } : await this.#tryHandle(event);
    if (failure !== null) {
      const { name, attempts = 3 } = this.#settings;
      held.note(await this.#host.table.park(name, held.fence, event, String(failure.error), behind ? 0 : attempts));
      if (held.isLost) return;
      parked.add(event.streamId);
    }
    held.position = event.position;
  }

  /** The failure of the last try. Without its store no event can be handled: that is not the event's fault, and throws. */
  async #tryHandle(stored: StoredEvent): Promise<Failure> {
    const { name, handle, attempts = 3 } = this.#settings;
    const { codec, onError, onHandled, sleep } = this.#host;
    const { position, type, correlationId } = stored;
    const what = { subscription: name, position, type, correlationId };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await handle(await codec.decode(stored));
        onHandled?.(what);
        return null;
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        const parked = attempt >= attempts;
        onError({ ...what, parked }, error);
        if (parked) return { error };
        await sleep(RETRY_PAUSE_MS * attempt);
      }
    }
  }

  /** Tries again what operators asked for; answers the aggregates that still have parked events. */
  async #retryParked(held: HeldLease): Promise<Set<string>> {
    const { name } = this.#settings;
    const { table } = this.#host;
    const before = await table.parked(name);
    if (![...before.values()].some(Boolean)) return new Set(before.keys());
    for (const [aggregateId, isWanted] of before) {
      if (isWanted && !this.#stopping && !held.isLost) await this.#retryAggregate(aggregateId, held);
    }
    return new Set((await table.parked(name)).keys());
  }

  async #retryAggregate(aggregateId: string, held: HeldLease): Promise<void> {
    const { name, attempts = 3 } = this.#settings;
    const { table, store } = this.#host;
    for (const position of await table.parkedPositions(name, aggregateId)) {
      const [event] = await store.read(position - 1, 1);
      if (event === undefined) throw new BrokenInvariant(`parked event ${position} is not in the log`);
      const failure = await this.#tryHandle(event);
      held.note(
        failure === null
          ? await table.resolve(name, held.fence, position)
          : await table.park(name, held.fence, event, String(failure.error), attempts),
      );
      if (failure !== null || held.isLost) break;
    }
    await table.endRetry(name, held.fence, aggregateId);
  }
}

/**
 * Reads the log for one purpose, in order, in at most one process at a time: the owner of the subscription's lease. A
 * former owner that wakes up late cannot move the checkpoint, because the fence has risen.
 */
export const startSubscription = (settings: SubscriptionSettings, host: SubscriptionHost): Subscription =>
  new Reader(settings, host);
