import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { parseJson } from '../finik/canonical-json.ts';
import { callHttp, type Answered } from '../http-call.ts';
import { NoAccess } from '../provider-calls.ts';

/** An opaque token that is good until the bank says otherwise: no end can be read off it, and nothing renews it. */
export type Bearer = {
  /** Null when there is none to be had. Rejects as `fetch` does. */
  current(): Promise<string | null>;
};

/** What was answered: JSON where it is some, else the text itself. */
export type Answer = Answered & { readonly body: unknown };

export type Exchange = (path: string, body: object, signal: AbortSignal) => Promise<Answer>;

/** Some operations put their answer into an envelope with a status of its own. */
function opened(status: number, body: unknown): { readonly status: number; readonly body: unknown } {
  const isEnvelope = typeof body === 'object' && body !== null && 'statusCode' in body && 'result' in body;
  if (status !== 200 || !isEnvelope || typeof body.statusCode !== 'number') return { status, body };
  return { status: body.statusCode, body: body.result };
}

/**
 * Calls of wire profile bakai-v1: JSON with a bearer token. A 401 says that the token is over and nothing was done; a person
 * has to fetch another, so it is no use to try again. Rejects as `fetch` does, and with `NoAccess`.
 */
export const createExchange =
  (options: { readonly baseUrl: string; readonly bearer: Bearer; readonly http: HttpFetch }): Exchange =>
  async (path, body, signal) => {
    const token = await options.bearer.current().catch((error: unknown) => {
      throw new NoAccess('the bank gives no token', { cause: error });
    });
    if (token === null) throw new NoAccess('the bank gives no token');
    const answer = await callHttp(options.http, `${options.baseUrl}${path}`, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/plain',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify(body),
      signal,
    });
    const text = answer.text ?? '';
    const found = opened(answer.status, parseJson(text) ?? text.trim());
    if (found.status === 401) throw new NoAccess('the bank does not know our token any more');
    return { retryAfter: answer.retryAfter, ...found };
  };
