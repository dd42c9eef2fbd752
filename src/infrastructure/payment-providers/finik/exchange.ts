import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../kernel/time.ts';
import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { callHttp, type HttpAnswer } from '../http-call.ts';
import { signRequest } from './signature.ts';

export type Exchange = (method: 'GET' | 'POST', path: string, body: string, signal: AbortSignal) => Promise<HttpAnswer>;

/** Signed requests of wire profile finik-v1. Rejects as `fetch` does. */
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
    return method === 'GET'
      ? callHttp(options.http, url.href, { method, headers, signal })
      : callHttp(options.http, url.href, {
          method,
          headers: { ...headers, 'content-type': 'application/json' },
          body,
          signal,
        });
  };
}
