import type { operations } from '../../../clients/typescript/schema.d.ts';
import type { Outcome, Problem } from './outcome.ts';
import { accountId } from './session.ts';

type Keyed = { readonly 'Idempotency-Key': string };
type Send<Value> = (header: Keyed) => Promise<Outcome<Value>>;

/** How long the same words mean the same intent. After that whoever asks for as much again wants it once more. */
const KEPT_MS = 15 * 60_000;

/** Said before the node has looked whether it did the same under this key already. */
const AT_THE_DOOR: ReadonlySet<string> = new Set(['forbidden', 'step_up_required', 'second_factor_required']);
const NOT_NOW: ReadonlySet<number> = new Set([401, 408, 429]);

/** Whether the node has decided; after anything else the same intent goes on under the same key. */
const isDecided = ({ status, code }: Problem): boolean =>
  status >= 400 &&
  status < 500 &&
  !NOT_NOW.has(status) &&
  !AT_THE_DOOR.has(code) &&
  code !== 'idempotency_key_in_flight';

/** The keys of intents that nobody has decided yet, each for as long as it is undecided and fresh. */
export function createIntents(nowMs: () => number, newKey: () => string) {
  const kept = new Map<string, { readonly key: string; readonly sentMs: number }>();
  const once = async <Value>(intent: string, send: Send<Value>): Promise<Outcome<Value>> => {
    const sentMs = nowMs();
    // A clock that was set may have gone either way.
    for (const [name, one] of kept) if (Math.abs(sentMs - one.sentMs) >= KEPT_MS) kept.delete(name);
    const key = kept.get(intent)?.key ?? newKey();
    kept.set(intent, { key, sentMs });
    const outcome = await send({ 'Idempotency-Key': key });
    // One that was begun anew meanwhile keeps its own key.
    const isOurs = kept.get(intent)?.key === key;
    if (isOurs && (outcome.ok || isDecided(outcome.problem))) kept.delete(intent);
    return outcome;
  };
  /** All that begin so. */
  const forget = (begin: string): void => {
    for (const intent of kept.keys()) if (intent.startsWith(begin)) kept.delete(intent);
  };
  return { once, forget };
}

/**
 * In the memory of the page alone: an intent tells of people, and whoever sits down here next begins anew. By the wall clock, which goes on while
 * the device sleeps.
 */
const intents = createIntents(
  () => Date.now(),
  () => crypto.randomUUID(),
);

const nameOf = (operation: keyof operations, intent: string): string => `${accountId.peek()} ${operation} ${intent}`;

/**
 * Sends what creates or moves something, so that a repeated press after a lost answer does it once, also when its form was closed
 * and opened again meanwhile.
 * @param operation what of the API does it: the same words are another intent for another operation, and for another account
 */
export const intentOf =
  (operation: keyof operations) =>
  <Value>(intent: string, send: Send<Value>): Promise<Outcome<Value>> =>
    intents.once(nameOf(operation, intent), send);

/** What such intents did is undone, so the same words are another one from now on: their kept answers tell of what is no more. */
export const forgetIntents = (operation: keyof operations): void => intents.forget(nameOf(operation, ''));
