import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../kernel/time.ts';
import { boundedText, type HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { signRequest } from './signature.ts';

export type Answer = {
  readonly status: number;
  readonly location: string | null;
  /** Null when it was longer than an answer can sensibly be. */
  readonly text: string | null;
};

export type Exchange = (method: 'GET' | 'POST', path: string, body: string, signal: AbortSignal) => Promise<Answer>;

/** Signed requests of wire profile finik-v1. Redirects are answers, not to be followed. Rejects as `fetch` does. */
export function createExchange(options: {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly signingKey: KeyObject;
  readonly clock: Clock;
  readonly http: HttpFetch;
}): Exchange {
  return async (method, path, body, signal) => {
    const url = new URL(path, options.baseUrl);
    const signed = { 'x-api-key': options.apiKey, 'x-api-timestamp': String(options.clock.now()) };
    const signature = await signRequest({ method, url, headers: signed, body }, options.signingKey);
    const headers = { ...signed, signature, accept: 'application/json' };
    const response = await options.http(url.href, {
      method,
      redirect: 'manual',
      signal,
      headers: method === 'POST' ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(method === 'POST' && { body }),
    });
    return { status: response.status, location: response.headers.get('location'), text: await boundedText(response) };
  };
}
