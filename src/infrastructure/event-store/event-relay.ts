import { createHash } from 'node:crypto';
import type { EventStore, StoredEvent } from '../../kernel/event-store.ts';
import { whileLeading, type HeldLease } from './held-lease.ts';
import type { SubscriptionTable } from './subscription-table.ts';
import type { Wakeups } from './wakeups.ts';

/** Somebody for whom events are published. */
export type Reader = { readonly name: string; readonly eventTypes?: readonly string[] };

/** An event as it goes out. */
export type OutgoingEvent = {
  readonly event: StoredEvent;
  /** By {@link readerKey}, for each that wants the event: a position up to which all that it wants was published before. */
  readonly after: Readonly<Record<string, number>>;
};

/**
 * Names a reader together with what it wants: a relay of an older version, which knows it with other event types, says
 * nothing to it.
 */
export const readerKey = ({ name, eventTypes = ['*'] }: Reader): string =>
  `${name}#${createHash('sha256').update(eventTypes.toSorted().join()).digest('base64url').slice(0, 8)}`;

export type RelayHost = {
  readonly store: Pick<EventStore, 'read' | 'headPosition'>;
  readonly table: SubscriptionTable;
  readonly wakeups: Pick<Wakeups, 'next'>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Publishes in order; resolves when all are safe with the broker, rejects when that is not known of every one. */
  readonly publish: (events: readonly OutgoingEvent[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
};

export type Relay = {
  /** The position up to which everything is with the broker, as this process last knew it. */
  position(): number;
  leading(): boolean;
  stop(): Promise<void>;
};

/** Its place in the log stands under this name. */
export const RELAY = 'relay';
/** Events that are on their way to the broker at once. */
const BATCH = 500;
const POLL_MS = 500;
/** A broker takes its time to confirm; longer than this it is taken for gone. */
const LEASE_MS = 10_000;

/**
 * Publishes the log in order of its positions, at least once an event; the log itself is the outbox. Of several relays one
 * works and the others stand by. The first relay a log ever has begins at its head: what is older readers have from the log.
 */
export function startRelay(host: RelayHost, readers: readonly Reader[]): Relay {
  const wanting = readers.map((reader) => ({ key: readerKey(reader), eventTypes: reader.eventTypes }));
  const stopping = new AbortController();
  let held: HeldLease | null = null;

  async function publishNext(lease: HeldLease, lastFor: Map<string, number>): Promise<boolean> {
    const events = await host.store.read(lease.position, BATCH);
    const last = events.at(-1);
    if (last === undefined) return false;
    await host.publish(events.map((event) => outgoing(event, wanting, lastFor)));
    lease.position = last.position;
    await lease.save();
    return true;
  }

  async function work(lease: HeldLease): Promise<void> {
    held = lease;
    if (lease.fence === 1) {
      lease.position = await host.store.headPosition();
      // Whoever follows must not begin at the first event.
      await lease.save();
    }
    // Nothing is known of what was published before but that all of it was.
    const lastFor = new Map(wanting.map(({ key }) => [key, lease.position]));
    while (!stopping.signal.aborted && !lease.isLost) {
      const woken = host.wakeups.next(POLL_MS);
      if (!(await publishNext(lease, lastFor))) await woken;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await whileLeading(host, RELAY, LEASE_MS, work).catch(host.onError);
      held = null;
      if (!stopping.signal.aborted) await host.sleep(POLL_MS);
    }
  }

  let position = 0;
  const running = run();
  return {
    position: () => (position = held?.position ?? position),
    leading: () => held !== null,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

type Wanting = { readonly key: string; readonly eventTypes: readonly string[] | undefined };

function outgoing(event: StoredEvent, wanting: readonly Wanting[], lastFor: Map<string, number>): OutgoingEvent {
  const after: Record<string, number> = {};
  for (const { key, eventTypes } of wanting) {
    if (eventTypes !== undefined && !eventTypes.includes(event.type)) continue;
    after[key] = lastFor.get(key) ?? 0;
    lastFor.set(key, event.position);
  }
  return { event, after };
}
