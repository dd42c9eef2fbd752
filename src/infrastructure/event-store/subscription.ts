import type { EventCodec, Recorded } from '../../kernel/event-codec.ts';
import { StoreUnavailable, type EventStore, type StoredEvent } from '../../kernel/event-store.ts';
import type { Clock } from '../../kernel/time.ts';
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
};

export type SubscriptionHost = {
  readonly store: Pick<EventStore, 'read' | 'headPosition'>;
  readonly codec: Pick<EventCodec, 'decode'>;
  readonly table: SubscriptionTable;
  readonly wakeups: Wakeups;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of every failed try, every parked event and every trouble with the store. */
  readonly onError: (what: { readonly subscription: string; readonly position?: number; readonly parked?: boolean }, error: unknown) => void;
};

export type Subscription = {
  /** The position up to which everything was handled, as this process last knew it. */
  position(): number;
  /** Whether this process reads for the subscription now. */
  leading(): boolean;
  /** Stops after the event in hand and gives the lease back. */
  stop(): Promise<void>;
};

/** How long a reader that went silent keeps others out. */
const LEASE_MS = 10_000;
/** LISTEN is only a hint: a reader that hears nothing looks by itself this often. */
const POLL_MS = 500;

/**
 * Reads the log for one purpose, in order, in at most one process at a time: the owner of the subscription's lease. A
 * former owner that wakes up late cannot move the checkpoint, because the fence has risen.
 */
export function startSubscription(settings: SubscriptionSettings, host: SubscriptionHost): Subscription {
  const { name, eventTypes, handle, batchSize = 500, attempts = 3 } = settings;
  const { store, codec, table, wakeups, clock, sleep, onError } = host;
  let stopping = false;
  let leading = false;
  let position = 0;

  async function tryHandle(stored: StoredEvent): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await handle(await codec.decode(stored));
      } catch (error) {
        // Without its store no event can be handled: that is not the event's fault.
        if (error instanceof StoreUnavailable) throw error;
        const parked = attempt >= attempts;
        onError({ subscription: name, position: stored.position, parked }, error);
        if (parked) return table.park(name, stored, String(error), attempt);
        await sleep(50 * attempt);
      }
    }
  }

  /** One batch; answers whether there may be more. Null means that the lease was lost. */
  async function advance(fence: number): Promise<boolean | null> {
    // The head is read first: all up to it is readable, so a short batch means there is nothing else below it.
    const head = await store.headPosition();
    if (head <= position) return (await table.checkpoint(name, fence, position, LEASE_MS)) ? false : null;
    const events = await store.read(position, batchSize, eventTypes);
    const parked = events.length === 0 ? new Set<string>() : await table.parkedAggregates(name);
    let renewAt = clock.now() + LEASE_MS / 3;
    for (const event of events) {
      if (stopping) break;
      if (parked.has(event.streamId)) await table.park(name, event, 'waits behind a parked event', 0);
      else await tryHandle(event);
      position = event.position;
      if (clock.now() < renewAt) continue;
      if (!(await table.checkpoint(name, fence, position, LEASE_MS))) return null;
      renewAt = clock.now() + LEASE_MS / 3;
    }
    if (!stopping && events.length < batchSize) position = Math.max(position, head);
    return (await table.checkpoint(name, fence, position, LEASE_MS)) ? events.length === batchSize : null;
  }

  async function lead(): Promise<void> {
    const lease = await table.acquire(name, LEASE_MS);
    if (lease === null) return;
    ({ position } = lease);
    leading = true;
    try {
      while (!stopping) {
        const woken = wakeups.next(POLL_MS);
        const more = await advance(lease.fence);
        if (more === null) return;
        if (!more) await woken;
      }
      await table.release(name, lease.fence);
    } finally {
      leading = false;
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      await lead().catch((error: unknown) => onError({ subscription: name }, error));
      if (!stopping) await wakeups.next(POLL_MS);
    }
  }

  const running = run();
  return {
    position: () => position,
    leading: () => leading,
    async stop() {
      stopping = true;
      wakeups.wakeAll();
      await running;
    },
  };
}
