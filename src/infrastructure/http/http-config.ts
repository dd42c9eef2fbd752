import { tmpdir } from 'node:os';
import type { StreamLimits } from './event-stream.ts';

/** How the HTTP server behaves. Times in milliseconds, sizes in bytes. */
export type HttpConfig = {
  /** Where clients reach us, without a slash at the end. `https:` turns on HSTS. */
  readonly publicUrl: string;
  /** Longest time to receive the headers of a request. */
  readonly headersTimeoutMs: number;
  /** Longest time to receive a whole request (`READ_TIMEOUT`). */
  readonly readTimeoutMs: number;
  /** Longest silence on a connection while an answer is made or sent (`WRITE_TIMEOUT`). */
  readonly writeTimeoutMs: number;
  /** Longest time from the first to the last byte of an answer, however steadily it is read. To the second. */
  readonly answerLimitMs: number;
  /** How many requests of each lane may be under way at once; more are `busy` at once. */
  readonly lanes: { readonly gates: number; readonly machines: number; readonly others: number };
  /** How long an idle connection is kept for the next request. Above the 60 s of common proxies. */
  readonly keepAliveTimeoutMs: number;
  readonly bodyLimitBytes: number;
  /** Where bodies lie while they are worked on that are too large to be held. On a disk, not in memory. */
  readonly uploadFolder: string;
  /** From readiness turning 503 until the listener closes: the time a proxy needs to notice. */
  readonly drainDelayMs: number;
  /** From then on, how long requests may still run before their connections are cut. */
  readonly drainLimitMs: number;
  /** Origins of other sites whose pages may call the API. None by default. */
  readonly corsOrigins: readonly string[];
  /** Addresses or ranges (CIDR) of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** When set, `/metrics` wants it as a Bearer token. */
  readonly metricsToken: string | null;
  readonly streams: StreamLimits;
  /** What one account may ask in a minute (`RATE_LIMIT_PER_MINUTE`); the other limits keep their proportion to it. */
  readonly rateLimitPerMinute: number;
};

export const DEFAULT_HTTP_CONFIG: HttpConfig = {
  publicUrl: 'http://127.0.0.1:8080',
  headersTimeoutMs: 10_000,
  readTimeoutMs: 15_000,
  writeTimeoutMs: 30_000,
  answerLimitMs: 60_000,
  lanes: { gates: 512, machines: 256, others: 512 },
  keepAliveTimeoutMs: 65_000,
  bodyLimitBytes: 256 * 1024,
  uploadFolder: tmpdir(),
  drainDelayMs: 3_500,
  drainLimitMs: 20_000,
  corsOrigins: [],
  trustedProxies: [],
  metricsToken: null,
  streams: { perAccount: 10, perAddress: 100, inAll: 2_000, heartbeatMs: 15_000 },
  rateLimitPerMinute: 100,
};
