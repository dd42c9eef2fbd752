import { LRUCache } from 'lru-cache';

/**
 * Keeps the entries that were used last. It takes memory as it fills: one that is told `max` takes the memory of all entries when it is made.
 * @param most entries, at least 1
 * @param ttl how long an entry is good, in ms; for ever where it is absent
 */
export const recentlyUsed = <Value extends object>(most: number, ttl?: number): LRUCache<string, Value> =>
  new LRUCache({ maxSize: most, sizeCalculation: () => 1, ...(ttl === undefined ? {} : { ttl }) });
