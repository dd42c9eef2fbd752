import { Redis } from 'ioredis';

/** Whoever waits for Redis has something else to do: what it does not answer in this time is a failure. */
const COMMAND_LIMIT_MS = 250;
const CONNECT_LIMIT_MS = 2000;
/** A connection that is asked and says nothing for so long is dead, though nobody hung up: the network lost the other side. */
const SILENCE_LIMIT_MS = 2000;
const RETRY_MOST_MS = 1000;

export type RedisConnection = {
  readonly redis: Redis;
  ready(): boolean;
  close(): void;
};

/**
 * A connection that fails at once while Redis is away and comes back by itself. What it is used for must do without it.
 * @param url `redis://` or `rediss://`, with user, password and number of the database where needed
 * @param onLost told once of each loss
 */
export function connectRedis(url: string, name: string, onLost: (error: unknown) => void): RedisConnection {
  const redis = new Redis(url, {
    connectionName: name,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_LIMIT_MS,
    connectTimeout: CONNECT_LIMIT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
    retryStrategy: (tries) => Math.min(tries * 50, RETRY_MOST_MS),
  });
  let isToldOrClosing = false;
  const tell = (error: unknown): void => {
    if (!isToldOrClosing) onLost(error);
    isToldOrClosing = true;
  };
  redis.on('ready', () => {
    isToldOrClosing = false;
  });
  // The first tells of every vain try to connect, the second of a server that went away in an orderly manner.
  redis.on('error', tell);
  redis.on('close', () => tell(new Error('Redis closed the connection')));
  return {
    redis,
    ready: () => redis.status === 'ready',
    close() {
      isToldOrClosing = true;
      redis.disconnect();
    },
  };
}
