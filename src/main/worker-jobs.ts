import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Counter, Gauge } from 'prom-client';
import { startSubscription, type Subscription } from '../infrastructure/event-store/subscription.ts';
import { createSubscriptionTable } from '../infrastructure/event-store/subscription-table.ts';
import { createWakeups } from '../infrastructure/event-store/wakeups.ts';
import { systemIds } from '../infrastructure/ids.ts';
import type { Job, JobRound } from '../infrastructure/module.ts';
import type { App } from './compose.ts';

/** Most overdue holds, kept webhooks or open payments one round looks at. */
const ROUND = 200;

/** Runs the flows and the timed work of a node until stopped. */
export function startWorker(app: App): { stop(): Promise<void> } {
  const { log, clock, database, store, modules, idempotency } = app;
  const failures = new Counter({
    name: 'skypark_subscription_failures_total',
    help: 'Failed tries to handle an event, by subscription and whether the event was parked',
    labelNames: ['subscription', 'parked'],
    registers: [app.metrics],
  });
  const wakeups = createWakeups(database, (error) => log.warn({ err: error }, 'wake-ups are lost; the log is polled'));
  const owner = `${hostname()}/${process.pid}/${systemIds.secret(6)}`;
  const host = {
    store,
    codec: modules.codec,
    table: createSubscriptionTable(database, owner),
    wakeups,
    clock,
    sleep,
    onError(
      what: { readonly subscription: string; readonly parked?: boolean; readonly position?: number },
      error: unknown,
    ) {
      failures.inc({ subscription: what.subscription, parked: String(what.parked ?? false) });
      log.error({ err: error, ...what }, what.parked === true ? 'an event was parked' : 'a subscription stumbled');
    },
  };
  const subscriptions = modules.flows.map((flow) => startSubscription(flow, host));
  watchLag(
    app,
    modules.flows.map(({ name }) => name),
    subscriptions,
  );
  const meta = { actor: 'system', correlationId: owner };
  const jobs: readonly Job[] = [
    ...modules.jobs,
    { name: 'sweep idempotency keys', everyMs: 600_000, run: () => idempotency.sweep(clock.now()) },
  ];
  const stopping = new AbortController();
  // Every job waits for it, and there is no leak in that.
  setMaxListeners(0, stopping.signal);
  const loops = jobs.map((job) =>
    repeat(job, { limit: ROUND, stopping: stopping.signal, meta }, (error) =>
      log.error({ err: error, job: job.name }, 'a job failed'),
    ),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all([...subscriptions.map((subscription) => subscription.stop()), ...loops]);
      await wakeups.close();
    },
  };
}

async function repeat(job: Job, round: JobRound, onError: (error: unknown) => void): Promise<void> {
  const { stopping } = round;
  while (!stopping.aborted) {
    await job.run(round).catch(onError);
    await sleep(job.everyMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}

function watchLag({ metrics, store }: App, names: readonly string[], subscriptions: readonly Subscription[]): void {
  new Gauge({
    name: 'skypark_subscription_lag_events',
    help: 'Events of the log a subscription has not handled yet; only where this process leads it',
    labelNames: ['subscription'],
    registers: [metrics],
    async collect() {
      // Metrics are wanted most when the database is away; then this one is left out.
      const head = await store.headPosition().catch(() => null);
      this.reset();
      if (head === null) return;
      for (const [index, subscription] of subscriptions.entries()) {
        if (subscription.leading()) this.set({ subscription: names[index] ?? '' }, head - subscription.position());
      }
    },
  });
}
