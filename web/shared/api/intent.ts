import { useRef } from 'preact/hooks';
import type { Outcome, Problem } from './outcome.ts';

type Keyed = { readonly 'Idempotency-Key': string };

/** Whether the node has decided; after anything else the same intent goes on under the same key. */
const isDecided = ({ status, code }: Problem): boolean =>
  status >= 400 && status < 500 && status !== 429 && code !== 'idempotency_key_in_flight';

/**
 * Sends what creates or moves something, so that a repeated press after a lost answer does it once: the key is kept for as long
 * as the intent is the same and undecided.
 */
export function useIntent() {
  const kept = useRef<{ readonly intent: string; readonly key: string } | null>(null);
  return async <Value>(intent: string, send: (header: Keyed) => Promise<Outcome<Value>>): Promise<Outcome<Value>> => {
    const key = kept.current?.intent === intent ? kept.current.key : crypto.randomUUID();
    kept.current = { intent, key };
    const outcome = await send({ 'Idempotency-Key': key });
    // Another intent that was sent meanwhile keeps its own key.
    const isOurs = kept.current?.key === key;
    if (isOurs && (outcome.ok || isDecided(outcome.problem))) kept.current = null;
    return outcome;
  };
}
