import type { HttpServer } from '../../src/infrastructure/http/server.ts';

/** What a server answers to a call as `fetch` makes it, without a network between. */
export async function answerOf({ app }: Pick<HttpServer, 'app'>, url: string, init: RequestInit): Promise<Response> {
  const { pathname, search } = new URL(url);
  const body: unknown = init.body;
  const answer = await app.inject({
    method: 'POST',
    url: `${pathname}${search}`,
    headers: Object.fromEntries(new Headers(init.headers)),
    ...(body instanceof Uint8Array || typeof body === 'string' ? { payload: Buffer.from(body) } : {}),
  });
  const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Response(answer.rawPayload.length === 0 ? null : new Uint8Array(answer.rawPayload), {
    status: answer.statusCode,
    headers,
  });
}
