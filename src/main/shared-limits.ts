import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { OnBreaker } from '../infrastructure/breaker.ts';
import { createFallbackLimiter } from '../infrastructure/limiter/fallback-limiter.ts';
import { createMemoryLimiter } from '../infrastructure/limiter/memory-limiter.ts';
import { createRedisLimiter } from '../infrastructure/limiter/redis-limiter.ts';
import { connectRedis, type RedisConnection } from '../infrastructure/redis/connect-redis.ts';
import type { Limiter } from '../kernel/limiter.ts';
import type { Clock } from '../kernel/time.ts';
import type { Config } from './config.ts';
import { limiterKeyOf, type Secrets } from './secrets.ts';

type Setting = { readonly config: Config; readonly log: Logger; readonly metrics: Registry };

/** The configured Redis, watched; null where none is configured. */
export function openRedis({ config, log, metrics }: Setting): RedisConnection | null {
  if (config.redisUrl === null) return null;
  const connection = connectRedis(config.redisUrl, `skypark-${config.nodeId}`, (error) =>
    log.warn({ err: error }, 'Redis is away; each process counts limits by itself meanwhile'),
  );
  new Gauge({
    name: 'skypark_redis_ready',
    help: 'Whether Redis is reached',
    registers: [metrics],
    collect() {
      this.set(connection.ready() ? 1 : 0);
    },
  });
  return connection;
}

type Counting = {
  readonly redis: RedisConnection | null;
  readonly nodeId: string;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly watchBreaker: (dependency: string) => OnBreaker;
  readonly metrics: Registry;
};

/** Limits that all processes of a node share where there is a Redis. */
export function createLimiter({ redis, nodeId, secrets, clock, metrics, watchBreaker }: Counting): Limiter {
  const local = createMemoryLimiter(clock);
  if (redis === null) return local;
  const failures = new Counter({
    name: 'skypark_limiter_failures_total',
    help: 'How often Redis did not count in time and the process counted by itself',
    registers: [metrics],
  });
  const shared = createRedisLimiter(redis.redis, `skypark:${nodeId}`, limiterKeyOf(secrets));
  return createFallbackLimiter(shared, local, () => failures.inc(), watchBreaker('redis'));
}
