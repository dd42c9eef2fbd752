import type { IdempotencyScope, IdempotencyStore, StoredAnswer } from './idempotency.ts';

/**
 * How long a claim holds without an answer: what a client waits whose first request died with its process. Taking over from
 * a request that still runs is harmless, because effects are deduplicated by command id.
 */
export const IDEMPOTENCY_LEASE_MS = 10_000;
/** How long an answer is kept. */
export const IDEMPOTENCY_KEEP_MS = 24 * 3_600_000;

type Entry = { readonly fingerprint: string; readonly claimedAtMs: number; readonly answer: StoredAnswer | null };

const nameOf = (scope: IdempotencyScope): string => JSON.stringify([scope.principalId, scope.route, scope.key]);

/** The port in memory, for tests and tools: exact, but forgotten with the process. */
export function createMemoryIdempotencyStore(): IdempotencyStore {
  const entries = new Map<string, Entry>();
  return {
    begin: async ({ scope, fingerprint, nowMs }) => {
      const name = nameOf(scope);
      const found = entries.get(name);
      const ageMs = found === undefined ? 0 : nowMs - found.claimedAtMs;
      if (found === undefined || ageMs >= IDEMPOTENCY_KEEP_MS) {
        entries.set(name, { fingerprint, claimedAtMs: nowMs, answer: null });
        return { kind: 'fresh' };
      }
      if (found.fingerprint !== fingerprint) return { kind: 'mismatch' };
      if (found.answer !== null) return { kind: 'replay', ...found.answer };
      if (ageMs < IDEMPOTENCY_LEASE_MS) return { kind: 'in_flight' };
      entries.set(name, { ...found, claimedAtMs: nowMs });
      return { kind: 'fresh' };
    },
    complete: async (scope, answer) => {
      const name = nameOf(scope);
      const found = entries.get(name);
      if (found !== undefined && found.answer === null) entries.set(name, { ...found, answer });
    },
    release: async (scope) => {
      const name = nameOf(scope);
      if (entries.get(name)?.answer === null) entries.delete(name);
    },
  };
}
