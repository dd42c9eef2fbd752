import { Histogram, type Registry } from 'prom-client';
import type { PostgresEventStore } from '../../infrastructure/event-store/postgres-store.ts';
import { StoreUnavailable, type Append, type AppendOutcome } from '../../kernel/event-store.ts';
import { createFactCounters } from './fact-counters.ts';

type Outcome = AppendOutcome['outcome'] | 'unavailable' | 'failed';

const OUTCOMES: readonly Outcome[] = [
  'stored',
  'already_stored',
  'version_conflict',
  'insufficient',
  'claimed',
  'id_reused',
  'unavailable',
  'failed',
];

/** The store, with every append timed by its outcome and every stored event counted for what it tells of the business. */
export function watchAppends(store: PostgresEventStore, metrics: Registry): PostgresEventStore {
  const duration = new Histogram({
    name: 'skypark_append_duration_seconds',
    help: 'From asking for an append to its answer, by outcome',
    labelNames: ['outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  const observers = new Map(OUTCOMES.map((outcome) => [outcome, duration.labels(outcome)]));
  const countFact = createFactCounters(metrics);

  async function append(wanted: Append): Promise<AppendOutcome> {
    const startedMs = performance.now();
    const observe = (outcome: Outcome): void => observers.get(outcome)?.observe((performance.now() - startedMs) / 1000);
    try {
      const answer = await store.append(wanted);
      observe(answer.outcome);
      if (answer.outcome === 'stored') {
        for (const { events } of wanted.streams) for (const event of events) countFact(event);
      }
      return answer;
    } catch (error) {
      observe(error instanceof StoreUnavailable ? 'unavailable' : 'failed');
      throw error;
    }
  }
  return { ...store, append };
}
