import { createSkyParkClient } from '../../../clients/typescript/client.ts';
import { askForProof, isFactorMissing } from '../identity/question.ts';
import { language } from '../i18n/language.ts';
import { currentToken, renew, user } from './session.ts';

/** Whoever opened the app without a network is known and has no token yet. */
const lacksToken = (request: Request): boolean =>
  !request.headers.has('authorization') && user.value !== null && user.value !== undefined;

/** A request that is answered in the reader's language. */
export function inOurLanguage(input: RequestInfo | URL, init?: RequestInit): Request {
  const request = new Request(input, init);
  request.headers.set('accept-language', language.value);
  return request;
}

/** Whether a node refused a request until its sender shows once more that it is them; notes that a second factor is missing. */
async function needsProof(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const code: unknown = typeof body === 'object' && body !== null && 'code' in body ? body.code : null;
  if (code === 'second_factor_required') isFactorMissing.value = true;
  return code === 'step_up_required';
}

/** Sends a request, and once more when its sender has shown that it is them where that is asked for. */
async function send(request: Request): Promise<Response> {
  const spare = request.clone();
  const response = await sendWithToken(request);
  if (!(await needsProof(response)) || !(await askForProof())) return response;
  spare.headers.set('authorization', `Bearer ${currentToken() ?? ''}`);
  return fetch(spare);
}

/** Sends a request; a token that is missing or ran out is renewed once. */
async function sendWithToken(request: Request): Promise<Response> {
  if (lacksToken(request) && (await renew())) request.headers.set('authorization', `Bearer ${currentToken() ?? ''}`);
  const hadToken = request.headers.has('authorization');
  const again = hadToken ? request.clone() : null;
  const response = await fetch(request);
  if (again === null || response.status !== 401 || !(await renew())) return response;
  again.headers.set('authorization', `Bearer ${currentToken() ?? ''}`);
  return fetch(again);
}

/** The API of the node that served this page. Sessions travel in a cookie: requests about them say `x-session`. */
export const api = createSkyParkClient({
  baseUrl: location.origin,
  fetch: (input) => send(inOurLanguage(input)),
  token: currentToken,
});
