import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../kernel/time.ts';
import { signRequest } from './signature.ts';

/** `fetch` or a function that behaves like it. */
export type HttpFetch = (url: string, init: RequestInit) => Promise<Response>;

export type Answer = {
  readonly status: number;
  readonly location: string | null;
  /** Null when it was longer than an answer can sensibly be. */
  readonly text: string | null;
};

export type Exchange = (method: 'GET' | 'POST', path: string, body: string, signal: AbortSignal) => Promise<Answer>;

const LONGEST_ANSWER_BYTES = 65_536;

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

async function boundedText(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    const chunk: unknown = part;
    // Leaving the loop cancels the stream, so a flood costs no more than this.
    if (!(chunk instanceof Uint8Array) || length + chunk.length > LONGEST_ANSWER_BYTES) return null;
    length += chunk.length;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
