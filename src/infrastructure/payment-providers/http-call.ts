import { boundedText, type HttpFetch } from '../outgoing-http/http-fetch.ts';

const NEVER_LEFT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Whether no connection was made, so that the provider cannot have heard of what was asked. */
export function neverLeft(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && NEVER_LEFT.some((code) => code === cause.code);
}

/** What every provider's answer tells of itself, whatever the rest of it says. */
export type Answered = {
  readonly status: number;
  /** The header `Retry-After` as it came. */
  readonly retryAfter: string | null;
};

export type HttpAnswer = Answered & {
  readonly location: string | null;
  /** Null when it was longer than an answer can sensibly be. */
  readonly text: string | null;
};

/** One request. Redirects are answers, not to be followed. Rejects as `fetch` does. */
export async function callHttp(
  http: HttpFetch,
  url: string,
  request: {
    readonly method: 'GET' | 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal: AbortSignal;
  },
): Promise<HttpAnswer> {
  const response = await http(url, { ...request, redirect: 'manual' });
  const header = (name: string): string | null => response.headers.get(name);
  const head = { status: response.status, location: header('location'), retryAfter: header('retry-after') };
  return { ...head, text: await boundedText(response) };
}
