import { Gauge, Histogram, type Registry } from 'prom-client';
import type { PostgresEventStore } from '../../infrastructure/event-store/postgres-store.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';

/** Told of every flush that went to the database. */
export function createFlushWatch(metrics: Registry): (flushed: { readonly appends: number }) => void {
  const flushes = new Histogram({
    name: 'skypark_append_flush_appends',
    help: 'Appends stored together in one flush',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [metrics],
  });
  return ({ appends }) => flushes.observe(appends);
}

/** Shows the connections of each pool, and what waits for the log. */
export function watchPools(
  metrics: Registry,
  pools: Readonly<Record<string, Database>>,
  store: PostgresEventStore,
): void {
  new Gauge({
    name: 'skypark_database_connections',
    help: 'Connections of each pool by state',
    labelNames: ['pool', 'state'],
    registers: [metrics],
    collect() {
      for (const [pool, database] of Object.entries(pools)) {
        const { total, idle, waiting } = database.stats();
        this.set({ pool, state: 'open' }, total);
        this.set({ pool, state: 'idle' }, idle);
        this.set({ pool, state: 'waited_for' }, waiting);
      }
    },
  });
  new Gauge({
    name: 'skypark_appends_pending',
    help: 'Appends waiting or on their way to the database',
    registers: [metrics],
    collect() {
      this.set(store.pendingAppends());
    },
  });
}
