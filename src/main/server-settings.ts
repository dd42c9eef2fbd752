import { join } from 'node:path';
import { DEFAULT_HTTP_CONFIG } from '../infrastructure/http/http-config.ts';
import type { HealthCheck } from '../infrastructure/http/health.ts';
import type { HttpServerOptions } from '../infrastructure/http/server.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import { assert } from '../kernel/assert.ts';
import type { App } from './compose.ts';

const PING = statement('main.ping', 'select 1 as answer');

/** Everything outside that is configured; without what is not required every request is answered all the same. */
function healthChecks({ database, redis, broker, channels, fiscalRegisters, config }: App): readonly HealthCheck[] {
  const optional = {
    redis,
    rabbitmq: broker,
    sms: channels.sms,
    smtp: channels.email,
    fiscal_register: config.fiscal === null ? null : fiscalRegisters,
  };
  return [
    { name: 'database', required: true, check: () => database.rows(PING, []) },
    ...Object.entries(optional).flatMap(([name, part]) =>
      part === null ? [] : [{ name, required: false, check: async () => assert(part.ready(), `${name} is away`) }],
    ),
  ];
}

/** What every server of a process has in common, whatever it serves. */
export function serverSettings(app: App): Omit<HttpServerOptions, 'routes' | 'info'> {
  const { config, log, clock, metrics, idempotency, limiter, cursorKey, modules, tracing } = app;
  return {
    config: {
      ...DEFAULT_HTTP_CONFIG,
      publicUrl: config.publicUrl,
      readTimeoutMs: config.readTimeoutMs,
      writeTimeoutMs: config.writeTimeoutMs,
      drainDelayMs: config.drainDelayMs,
      trustedProxies: config.trustedProxies,
      uploadFolder: join(config.dataDir, 'uploads'),
      rateLimitPerMinute: config.rateLimitPerMinute,
      metricsToken: config.metricsToken,
    },
    logger: log,
    clock,
    ids: systemIds,
    tokens: modules.tokens,
    isFresh: modules.isFresh,
    idempotency,
    limiter,
    cursorKey,
    metrics,
    healthChecks: healthChecks(app),
    tracing,
  };
}
