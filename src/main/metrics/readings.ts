import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../kernel/time.ts';

/** Values of the present, each with its labels. */
export type Values = readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];

export type Pace = {
  readonly clock: Clock;
  /** Readings within this time share one. */
  readonly freshMs: number;
  /** A reading that takes longer is left out, and not asked for again until it has ended. */
  readonly limitMs: number;
};

const TOO_LATE = Symbol('too late');

/**
 * Asks at most once in `freshMs`, however often it is scraped, and answers null rather than fail or wait: metrics are wanted
 * most when what they tell of is away.
 */
export function createReading<Value>(read: () => Promise<Value>, pace: Pace): () => Promise<Value | null> {
  let latest: { readonly startedMs: number; readonly value: Promise<Value | null>; hasEnded: boolean } | null = null;
  function renew(nowMs: number): Promise<Value | null> {
    const value = read().catch(() => null);
    const round = { startedMs: nowMs, value, hasEnded: false };
    latest = round;
    void value.then(() => (round.hasEnded = true));
    return value;
  }
  return async () => {
    const nowMs = pace.clock.now();
    const isFresh = latest !== null && (!latest.hasEnded || Math.abs(nowMs - latest.startedMs) < pace.freshMs);
    const value = isFresh && latest !== null ? latest.value : renew(nowMs);
    const waiting = new AbortController();
    const answer = await Promise.race([
      value,
      sleep(pace.limitMs, TOO_LATE, { signal: waiting.signal, ref: false }).catch(() => TOO_LATE),
    ]);
    waiting.abort();
    return answer === TOO_LATE ? null : (answer as Value | null);
  };
}

type Description = { readonly name: string; readonly help: string; readonly labelNames?: readonly string[] };

/** A gauge that shows what a reading answers, and nothing while it answers null. */
export function showReading(
  metrics: Registry,
  { name, help, labelNames = [] }: Description,
  values: () => Promise<Values | null>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [metrics],
    async collect() {
      const now = await values();
      this.reset();
      if (labelNames.length === 0 && now === null) this.remove();
      for (const { labels, value } of now ?? []) this.set(labels, value);
    },
  });
}
