import type { Clock } from '../../../kernel/time.ts';
import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { parseJson } from '../finik/canonical-json.ts';
import { callHttp, type Answered } from '../http-call.ts';
import { NoAccess } from '../provider-calls.ts';
import { createAccessToken } from './access-token.ts';

export type Answer = Answered & { readonly body: unknown };

type Form = Readonly<Record<string, string>>;

/** One form to one operation, such as `register.do`. Rejects as `fetch` does, and with `NoAccess`. */
export type Exchange = (operation: string, form: Form, signal: AbortSignal) => Promise<Answer>;

/**
 * How the provider knows us: `client_credentials` fetches a token of OAuth 2 with the pair, `login` sends the pair as
 * `userName` and `password` with every form.
 */
export type AuthMode = 'client_credentials' | 'login';

export type AccessOptions = {
  readonly baseUrl: string;
  readonly authMode: AuthMode;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly http: HttpFetch;
};

/** Longest the provider may take to give a token. */
const TOKEN_TIMEOUT_MS = 10_000;

export const createExchange = (options: AccessOptions): Exchange =>
  options.authMode === 'login' ? loginExchange(options) : tokenExchange(options);

async function post({ http, baseUrl }: AccessOptions, path: string, form: Form, headers: Form, signal: AbortSignal) {
  const { status, retryAfter, text } = await callHttp(http, `${baseUrl}${path}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
    signal,
  });
  return { status, retryAfter, body: parseJson(text ?? '') };
}

const pathOf = (operation: string): string => `/payment/rest/${operation}`;

const loginExchange =
  (options: AccessOptions): Exchange =>
  (operation, form, signal) => {
    const pair = { userName: options.clientId, password: options.clientSecret };
    return post(options, pathOf(operation), { ...pair, ...form }, {}, signal);
  };

/** A refused token is renewed once within the call: a 401 says that the call was not looked at. */
function tokenExchange(options: AccessOptions): Exchange {
  const { clientId, clientSecret, clock } = options;
  const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  const token = createAccessToken(async () => {
    const headers = { authorization: `Basic ${credentials.toString('base64')}` };
    const signal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
    const form = { grant_type: 'client_credentials' };
    const { status, body } = await post(options, '/oauth/token', form, headers, signal);
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
      post(options, pathOf(operation), form, { authorization: `Bearer ${bearer}` }, signal);
    const first = await tokenOrNoAccess();
    const answer = await call(first);
    if (answer.status !== 401) return answer;
    token.refused(first);
    return call(await tokenOrNoAccess());
  };
}
