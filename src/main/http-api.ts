import type { HttpServer } from '../infrastructure/http/server.ts';
import { createHttpServer } from '../infrastructure/http/server.ts';
import { DEFAULT_HTTP_CONFIG } from '../infrastructure/http/http-config.ts';
import { createWakeups } from '../infrastructure/event-store/wakeups.ts';
import type { HealthCheck } from '../infrastructure/http/health.ts';
import { problem } from '../infrastructure/http/problem.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import { assert } from '../kernel/assert.ts';
import { StoreUnavailable } from '../kernel/event-store.ts';
import { API_INFO } from './api-info.ts';
import type { App } from './compose.ts';

const PING = statement('main.ping', 'select 1 as answer');

/** Everything outside that is configured; without what is not required every request is answered all the same. */
function healthChecks({ database, redis, broker }: App): readonly HealthCheck[] {
  const optional = { redis, rabbitmq: broker };
  return [
    { name: 'database', required: true, check: () => database.rows(PING, []) },
    ...Object.entries(optional).flatMap(([name, part]) =>
      part === null ? [] : [{ name, required: false, check: async () => assert(part.ready(), `${name} is away`) }],
    ),
  ];
}

/** The API of a node, listening. */
export async function startApi(app: App): Promise<HttpServer> {
  const { config, log, clock, metrics, idempotency, limiter, cursorKey, modules } = app;
  const server = await createHttpServer({
    routes: modules.routes,
    config: {
      ...DEFAULT_HTTP_CONFIG,
      publicUrl: config.publicUrl,
      readTimeoutMs: config.readTimeoutMs,
      writeTimeoutMs: config.writeTimeoutMs,
      drainDelayMs: config.drainDelayMs,
      trustedProxies: config.trustedProxies,
      rateLimitPerMinute: config.rateLimitPerMinute,
      metricsToken: config.metricsToken,
    },
    logger: log,
    clock,
    ids: systemIds,
    tokens: modules.tokens,
    idempotency,
    limiter,
    cursorKey,
    metrics,
    healthChecks: healthChecks(app),
    info: { ...API_INFO, servers: [{ url: config.publicUrl, description: 'This installation' }] },
    mapError: (error) => (error instanceof StoreUnavailable ? problem('busy') : null),
  });
  if (!modules.auth.canSendCodes) {
    log.warn('no channel sends one-time codes: accounts pay, get roles and passes without a verified number');
  }
  const wakeups = createWakeups(app.database, (error) =>
    log.warn({ err: error }, 'wake-ups are lost; the log is polled'),
  );
  const keeping = app.shownAnswers.start(app.store, wakeups);
  await server.app.listen({ host: config.host, port: config.port });
  return {
    ...server,
    async drain() {
      await server.drain();
      await keeping.stop();
      await wakeups.close();
    },
  };
}
