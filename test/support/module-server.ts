import { fixtureInfo, startFixture } from '../../src/infrastructure/http/http-fixture.ts';
import type { IsFresh, TokenVerifier } from '../../src/infrastructure/http/access.ts';
import type { Method, Route } from '../../src/infrastructure/http/route.ts';
import { systemIds } from '../../src/infrastructure/ids.ts';
import type { Clock } from '../../src/kernel/time.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Of an answer in JSON. */
  readonly body: Record<string, unknown>;
  /** The body as it was sent. */
  readonly bytes: Buffer;
};

export type TestServer = {
  ask(
    method: Method,
    path: string,
    more?: {
      /** Sent as JSON; bytes as they are, under the content type in `headers`. */
      readonly body?: unknown;
      readonly token?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** From where it comes; 127.0.0.1 when absent. */
      readonly address?: string;
    },
  ): Promise<Answer>;
  readonly lines: readonly string[];
  close(): Promise<void>;
};

/**
 * The real HTTP base around the routes of this module, without a socket. Everybody counts as having proved just now who they are,
 * unless `isFresh` says otherwise.
 */
export async function serve(
  routes: readonly Route[],
  tokens: TokenVerifier,
  clock: Clock,
  isFresh: IsFresh = async () => true,
): Promise<TestServer> {
  const tags = [...new Set(['Operations', ...routes.map(({ tag }) => tag)])].map((name) => ({
    name,
    description: name,
  }));
  const { app, lines } = await startFixture({
    routes,
    tokens,
    isFresh,
    clock,
    ids: systemIds,
    info: { ...fixtureInfo, tags },
  });
  return {
    async ask(method, path, { body, token, headers = {}, address = '127.0.0.1' } = {}) {
      const answer = await app.inject({
        method,
        url: path,
        remoteAddress: address,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      });
      const isJson = String(answer.headers['content-type']).includes('json');
      const parsed: Record<string, unknown> = isJson ? JSON.parse(answer.body) : {};
      return { status: answer.statusCode, headers: answer.headers, body: parsed, bytes: answer.rawPayload };
    },
    lines,
    close: () => app.close(),
  };
}
