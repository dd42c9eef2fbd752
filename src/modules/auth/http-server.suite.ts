import pino from 'pino';
import type { TokenVerifier } from '../../infrastructure/http/access.ts';
import { DEFAULT_HTTP_CONFIG } from '../../infrastructure/http/http-config.ts';
import { createMemoryIdempotencyStore } from '../../infrastructure/http/idempotency-memory.ts';
import { createMetricsRegistry } from '../../infrastructure/http/observe.ts';
import type { Route } from '../../infrastructure/http/route.ts';
import { createHttpServer } from '../../infrastructure/http/server.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import type { Clock } from '../../kernel/time.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
};

/** One request; `token` becomes the Authorization header. */
export type Ask = (
  method: 'GET' | 'POST',
  path: string,
  more?: { readonly body?: unknown; readonly token?: string; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Answer>;

export type TestServer = { readonly ask: Ask; readonly lines: readonly string[]; close(): Promise<void> };

/** The real HTTP base around the routes of a module, without a socket. */
export async function serve(routes: readonly Route[], tokens: TokenVerifier, clock: Clock): Promise<TestServer> {
  const lines: string[] = [];
  const { app } = await createHttpServer({
    routes,
    tokens,
    clock,
    config: DEFAULT_HTTP_CONFIG,
    logger: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    ids: systemIds,
    idempotency: createMemoryIdempotencyStore(),
    metrics: createMetricsRegistry(),
    healthChecks: [],
    info: {
      title: 'Test',
      version: '1.0.0',
      description: 'Routes of one module.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      servers: [{ url: 'http://127.0.0.1:8080', description: 'This machine' }],
      tags: [],
    },
  });
  const ask: Ask = async (method, path, { body, token, headers = {} } = {}) => {
    const answer = await app.inject({
      method,
      url: path,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const parsed: Record<string, unknown> = answer.body === '' ? {} : JSON.parse(answer.body);
    return { status: answer.statusCode, headers: answer.headers, body: parsed };
  };
  return { ask, lines, close: () => app.close() };
}
