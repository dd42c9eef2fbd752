import type { Clock } from '../../../kernel/time.ts';
import { boundedText, type HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { parseJson } from '../finik/canonical-json.ts';
import { createAccessToken } from './access-token.ts';

export type Answer = { readonly status: number; readonly body: unknown };

/** One form to one operation, such as `register.do`. Rejects as `fetch` does. */
export type Exchange = (
  operation: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Answer>;

/** Longest the provider may take to give a token. */
const TOKEN_TIMEOUT_MS = 10_000;

/** Thrown when the provider gives no token: nothing was asked of it. */
export class NoAccess extends Error {
  override readonly name = 'NoAccess';
}

/**
 * Calls with a bearer token of OAuth 2 client credentials. A refused token is renewed once within the call: a 401 says that
 * the call was not looked at.
 */
export function createExchange(options: {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly http: HttpFetch;
}): Exchange {
  const { baseUrl, clientId, clientSecret, clock, http } = options;

  async function post(path: string, form: Readonly<Record<string, string>>, headers: object, signal: AbortSignal) {
    const response = await http(`${baseUrl}${path}`, {
      method: 'POST',
      redirect: 'manual',
      signal,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    });
    return { status: response.status, body: parseJson((await boundedText(response)) ?? '') };
  }

  const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  const token = createAccessToken(async () => {
    const headers = { authorization: `Basic ${credentials.toString('base64')}` };
    const signal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
    const { status, body } = await post('/oauth/token', { grant_type: 'client_credentials' }, headers, signal);
    return status === 200 ? body : null;
  }, clock);

  async function tokenOrNoAccess(): Promise<string> {
    const current = await token.current().catch((error: unknown) => {
      throw new NoAccess('the provider gives no token', { cause: error });
    });
    if (current === null) throw new NoAccess('the provider gives no token');
    return current;
  }

  return async (operation, form, signal) => {
    const call = (bearer: string) =>
      post(`/payment/rest/${operation}`, form, { authorization: `Bearer ${bearer}` }, signal);
    const first = await tokenOrNoAccess();
    const answer = await call(first);
    if (answer.status !== 401) return answer;
    token.refused(first);
    return call(await tokenOrNoAccess());
  };
}
