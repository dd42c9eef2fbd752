import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { API_INFO } from './api-info.ts';
import { createLayeredEntries, createMemoryEntries, createRedisEntries } from '../infrastructure/read-cache/entries.ts';
import { createEventCache, type EventCache } from '../infrastructure/read-cache/event-cache.ts';
import type { RedisConnection } from '../infrastructure/redis/connect-redis.ts';
import { placesTopic } from '../modules/booking/persistence/events.ts';
import { figuresTopic } from '../modules/loyalty/module.ts';
import { parksTopic } from '../modules/park/module.ts';

type Setting = {
  readonly redis: RedisConnection | null;
  readonly nodeId: string;
  /** Of the log. */
  readonly incarnation: string;
  readonly log: Logger;
  readonly metrics: Registry;
};

/** The answers that are kept for pages: by each process, and together in Redis where there is one. */
export function createShownAnswers({ redis, nodeId, incarnation, log, metrics }: Setting): EventCache {
  const asked = new Counter({
    name: 'skypark_cache_questions_total',
    help: 'Questions to the cache, by topic and whether the answer was kept',
    labelNames: ['topic', 'kept'],
    registers: [metrics],
  });
  const near = createMemoryEntries();
  const prefix = `skypark:${nodeId}:${incarnation}:${API_INFO.version}`;
  return createEventCache({
    entries: near,
    ...(redis === null ? {} : { sharedEntries: createLayeredEntries(near, createRedisEntries(redis.redis, prefix)) }),
    topics: [parksTopic, placesTopic, figuresTopic],
    monotonicMs: () => performance.now(),
    onError: (error) => log.warn({ err: error }, 'the cache cannot follow the log and keeps nothing meanwhile'),
    onAsked: (topic, isKept) => asked.inc({ topic, kept: String(isKept) }),
  });
}
