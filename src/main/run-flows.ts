import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Counter, Gauge } from 'prom-client';
import { startRelay, type Relay } from '../infrastructure/event-store/event-relay.ts';
import {
  startSubscription,
  type HandledEvent,
  type SubscriptionHost,
} from '../infrastructure/event-store/subscription.ts';
import { createSubscriptionTable } from '../infrastructure/event-store/subscription-table.ts';
import { createWakeups } from '../infrastructure/event-store/wakeups.ts';
import { systemIds } from '../infrastructure/ids.ts';
import type { App } from './compose.ts';
import { traceFlow } from './traces.ts';

/** Something that follows the log and knows how far it is; only one process leads it. */
type Follower = { position(): number; leading(): boolean; stop(): Promise<void> };

/** Runs the flows, and the relay that publishes the log where there is a broker, until stopped. */
export function runFlows(app: App): { stop(): Promise<void> } {
  const { log, database, store, modules, broker, tracing } = app;
  const wakeups = createWakeups(database, (error) => log.warn({ err: error }, 'wake-ups are lost; the log is polled'));
  const table = createSubscriptionTable(database, `${hostname()}/${process.pid}/${systemIds.secret(6)}`);
  const shared = { store, codec: modules.codec, table, wakeups, sleep };
  const host: SubscriptionHost = {
    ...shared,
    ...(broker === null ? {} : { delivery: broker.delivery }),
    ...countEvents(app),
  };
  const followers = new Map<string, Follower>(
    modules.flows
      .map((flow) => (tracing === null ? flow : traceFlow(flow, tracing)))
      .map((flow) => [flow.name, startSubscription(flow, host)]),
  );
  let relay: Relay | null = null;
  if (broker !== null) {
    const onError = (error: unknown): void =>
      log.warn({ err: error }, 'events are not published and are tried again; their readers have them from the log');
    relay = startRelay({ ...shared, publish: (events) => broker.publish(events), onError }, modules.flows);
    followers.set('relay', relay);
  }
  watchLag(app, followers);
  return {
    async stop() {
      await Promise.all([...followers.values()].map((follower) => follower.stop()));
      await wakeups.close();
    },
  };
}

/** What a line of the log says of an event; the request that it began with is named as in the line of that request. */
const lineOf = ({ subscription, position, type, correlationId }: { subscription: string } & Partial<HandledEvent>) => ({
  subscription,
  position,
  event_type: type,
  correlation_id: correlationId,
});

function countEvents({ log, metrics }: App): Pick<SubscriptionHost, 'onError' | 'onHandled' | 'onGap'> {
  const failures = new Counter({
    name: 'skypark_subscription_failures_total',
    help: 'Failed tries to handle an event, by subscription and whether the event was parked',
    labelNames: ['subscription', 'parked'],
    registers: [metrics],
  });
  const handled = new Counter({
    name: 'skypark_subscription_handled_total',
    help: 'Events that were handled, by subscription',
    labelNames: ['subscription'],
    registers: [metrics],
  });
  const gaps = new Counter({
    name: 'skypark_delivery_gaps_total',
    help: 'How often the broker brought an event with others missing before it, which were then read from the log',
    labelNames: ['subscription'],
    registers: [metrics],
  });
  return {
    onHandled(what) {
      handled.inc({ subscription: what.subscription });
      log.debug(lineOf(what), 'an event was handled');
    },
    onError(what, error) {
      failures.inc({ subscription: what.subscription, parked: String(what.parked ?? false) });
      log.error(
        { err: error, parked: what.parked, ...lineOf(what) },
        what.parked === true ? 'an event was parked' : 'a subscription stumbled',
      );
    },
    onGap: (subscription) => gaps.inc({ subscription }),
  };
}

function watchLag({ metrics, store }: App, followers: ReadonlyMap<string, Follower>): void {
  new Gauge({
    name: 'skypark_subscription_lag_events',
    help: 'Events of the log that a subscription, or the relay to the broker, has still before it; only where this process leads it',
    labelNames: ['subscription'],
    registers: [metrics],
    async collect() {
      // Metrics are wanted most when the database is away; then this one is left out.
      const head = await store.headPosition().catch(() => null);
      this.reset();
      if (head === null) return;
      for (const [subscription, follower] of followers) {
        if (follower.leading()) this.set({ subscription }, head - follower.position());
      }
    },
  });
}
