import { Type } from 'typebox';
import { oneOf } from '../../../infrastructure/http/schemas.ts';
import { IDLE_SECONDS } from '../application/refresh-token.ts';

/**
 * How a refresh token travels: in bodies, or for web pages in a cookie that no script can read. Pages ask for the cookie with
 * `X-Session: cookie`. The same header proves to us that a request which carries the cookie was made by a page of ours: a page
 * of another origin cannot send it without being let in by CORS, and a form cannot send it at all.
 */
export const sessionHeaders = Type.Object({
  'x-session': Type.Optional(
    oneOf(['cookie'], 'The refresh token travels in the cookie `__Host-refresh` and is left out of bodies'),
  ),
});

const COOKIE = '__Host-refresh';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const LONGEST_USER_AGENT = 200;

/** Says in the API document what `X-Session: cookie` adds to an answer. */
export const setsCookie = { 'Set-Cookie': `\`${COOKIE}\`, when the request had \`X-Session: cookie\`` };

const headerOf = (headers: object, name: string): string | null => {
  const value: unknown = Reflect.get(headers, name);
  return typeof value === 'string' ? value : null;
};

const wantsCookie = (headers: object): boolean => headerOf(headers, 'x-session') === 'cookie';

/** What the caller's program calls itself, as one short line; null when it says nothing. */
export function userAgentOf(headers: object): string | null {
  const text =
    headerOf(headers, 'user-agent')
      ?.replaceAll(/[^\x20-\x7e]/g, '')
      .trim() ?? '';
  return text === '' ? null : text.slice(0, LONGEST_USER_AGENT);
}

type TokenBody = { readonly refresh_token: string };

/** An answer with tokens: the refresh token stays in the body or moves to the cookie. */
export function withTokens<Body extends TokenBody>(headers: object, body: Body) {
  if (!wantsCookie(headers)) return { body };
  const { refresh_token: token, ...rest } = body;
  return { body: rest, headers: { 'set-cookie': `${COOKIE}=${token}; Max-Age=${IDLE_SECONDS}; ${ATTRIBUTES}` } };
}

/** The headers of an answer that takes the cookie away; none when the caller uses no cookie. */
export const withoutCookie = (headers: object): { readonly headers?: Record<string, string> } =>
  wantsCookie(headers) ? { headers: { 'set-cookie': `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}` } } : {};

function cookieOf(headers: object): string | null {
  const pairs = headerOf(headers, 'cookie')?.split(';') ?? [];
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${COOKIE}=`));
  return found?.slice(COOKIE.length + 1) ?? null;
}

/** Whether a request carries the cookie without the header that only our own pages send. */
export const isForged = (headers: object): boolean => cookieOf(headers) !== null && !wantsCookie(headers);

/** Why a forged request is refused, for whoever writes a page. */
export const NEEDS_HEADER = 'A request with the session cookie needs the header X-Session: cookie.';

/** The refresh token of the body, or of the cookie when the caller says that it uses one. */
export const shownToken = (headers: object, inBody: string | undefined): string | null =>
  wantsCookie(headers) ? cookieOf(headers) : (inBody ?? null);
