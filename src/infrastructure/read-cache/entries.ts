import { deserialize, serialize } from 'node:v8';
import { handleAll } from 'cockatiel';
import type { Redis } from 'ioredis';
import { createBreaker } from '../breaker.ts';
import { recentlyUsed } from '../recently-used.ts';

/** Where answers are kept. Losing one costs a question, no more. */
export type Entries = {
  /** Undefined when there is none. */
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
};

const MOST_ENTRIES = 2000;
/** Nobody asks for the answers of an old version; they go by their age. */
const KEEP_MS = 60_000;

/** Answers kept by this process. What is handed out is shared, so nobody may change it. */
export function createMemoryEntries(): Entries {
  const entries = recentlyUsed<{ readonly value: unknown }>(MOST_ENTRIES, KEEP_MS);
  return {
    get: async (key) => entries.get(key)?.value,
    async put(key, value) {
      entries.set(key, { value });
    },
  };
}

/** @param prefix of one log and one version of the program: others would read answers that are not theirs */
export const createRedisEntries = (redis: Redis, prefix: string): Entries => ({
  async get(key) {
    const bytes = await redis.getBuffer(`${prefix}:cache:${key}`);
    return bytes === null ? undefined : (deserialize(bytes) as unknown);
  },
  async put(key, value) {
    await redis.set(`${prefix}:cache:${key}`, serialize(value), 'PX', KEEP_MS);
  },
});

/** After so many failures in a row the far ones are not asked any more, for so long. */
const FAILURES = 3;
const PAUSE_MS = 1000;

/** Looks near first, then far. Far ones that are away or slow cost a few questions some time, and then none. */
export function createLayeredEntries(near: Entries, far: Entries): Entries {
  const breaker = createBreaker(handleAll, { failures: FAILURES, openMs: PAUSE_MS });
  return {
    async get(key) {
      const found = await near.get(key);
      if (found !== undefined) return found;
      const fetched = await breaker.execute(() => far.get(key)).catch(() => undefined);
      if (fetched !== undefined) await near.put(key, fetched);
      return fetched;
    },
    async put(key, value) {
      await near.put(key, value);
      // Whoever asked need not wait until others have it too.
      breaker.execute(() => far.put(key, value)).catch(() => undefined);
    },
  };
}
