import { setTimeout as sleep } from 'node:timers/promises';
import { createEventCodec, type Recorded } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Delivery } from './delivery.ts';
import { startRelay, type Reader, type Relay, type RelayHost } from './event-relay.ts';
import { createMemorySubjectKeys } from './subject-keys.ts';
import { createSubscriptionTable } from './subscription-table.ts';
import { startSubscription, type Subscription, type SubscriptionSettings } from './subscription.ts';
import type { ScratchLog } from './scratch-log.suite.ts';
import { createVault } from './vault.ts';
import { createWakeups, type Wakeups } from './wakeups.ts';

/** One process's worth of subscriptions. */
export type TestHost = {
  readonly wakeups: Wakeups;
  /** Errors told of, newest last. */
  readonly errors: { readonly position?: number; readonly parked?: boolean; readonly error: unknown }[];
  /** Errors of the LISTEN connection. */
  readonly lost: unknown[];
  readonly listenerName: string;
  /** Starts a subscription whose handled positions are noted in the list. */
  start(settings: SubscriptionSettings): Subscription;
  startRelay(publish: RelayHost['publish'], readers: readonly Reader[]): Relay;
  /** How often events were delivered with others missing before them. */
  readonly gaps: string[];
  close(): Promise<void>;
};

export const testCodec = createEventCodec(
  ['TestHappened', 'TestOther'].map((type) => ({ type, version: 1 })),
  createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32) }),
);

let hosts = 0;

/**
 * @param store what the subscriptions read; the log itself as a rule.
 * @param delivery what brings events to them
 */
export function openHost(
  log: ScratchLog,
  store: Pick<EventStore, 'read' | 'headPosition'>,
  delivery?: Delivery,
): TestHost {
  hosts += 1;
  const listenerName = `test-listener-${hosts}`;
  const lost: unknown[] = [];
  const errors: TestHost['errors'] = [];
  const wakeups = createWakeups(log.connect(listenerName, 1), (error) => lost.push(error));
  const table = createSubscriptionTable(log.connect('test-subscriptions', 2), `host-${hosts}`);
  const started: Subscription[] = [];
  const gaps: string[] = [];
  return {
    gaps,
    wakeups,
    errors,
    lost,
    listenerName,
    start(settings) {
      const onError = (what: object, error: unknown): void => void errors.push({ ...what, error });
      const host = { store, codec: testCodec, table, wakeups, sleep, onError, onGap: (gap: string) => gaps.push(gap) };
      const subscription = startSubscription(settings, delivery === undefined ? host : { ...host, delivery });
      started.push(subscription);
      return subscription;
    },
    startRelay: (publish, readers) =>
      startRelay({ store, table, wakeups, sleep, publish, onError: (error) => errors.push({ error }) }, readers),
    async close() {
      await Promise.all(started.map((subscription) => subscription.stop()));
      await wakeups.close();
    },
  };
}

/** Waits until `condition` holds; fails after `mostMs`. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, mostMs = 5000): Promise<void> {
  const endAt = Date.now() + mostMs;
  while (!(await condition())) {
    if (Date.now() > endAt) throw new Error(`waited ${mostMs} ms in vain until ${what}`);
    await sleep(5);
  }
}

/** A handler that notes positions, does what `act` does with an event, and can be held. */
export function noting(act: (event: Recorded) => void | Promise<void> = () => undefined) {
  const seen: number[] = [];
  return {
    seen,
    handle: async (event: Recorded): Promise<void> => {
      await act(event);
      seen.push(event.meta.position);
    },
  };
}
