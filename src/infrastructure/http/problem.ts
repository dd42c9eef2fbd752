import { errorEntry } from './error-table.ts';
import type { ErrorCode, Language } from './error-table.ts';

/** One wrong field; `path` is in the caller's words (`children.0.birth_date`). */
export type FieldError = { readonly path: string; readonly message: string };

export type ProblemOptions = {
  /** What went wrong this time, for a person. Ignored for `internal`, whose cause stays inside. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** More members for clients, snake_case. They never replace the standard ones. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
};

/** A refusal on its way to the client. */
export type ProblemReply<Code extends ErrorCode = ErrorCode> = ProblemOptions & { readonly problem: Code };

/** Builds a refusal; the status and the title come from the error table. */
export const problem = <const Code extends ErrorCode>(
  code: Code,
  options: ProblemOptions = {},
): ProblemReply<Code> => ({
  ...options,
  problem: code,
});

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** How to sign in: every 401 says it (RFC 9110, 15.5.2). */
const CHALLENGE = 'Bearer realm="skypark"';

/** The body of a refusal after RFC 9457. `instance` names the request, never the address, which may hold a secret. */
export function problemBody(reply: ProblemReply, requestId: string, language: Language): Record<string, unknown> {
  const { status, title } = errorEntry(reply.problem);
  const detail = (reply.problem === 'internal' ? undefined : reply.detail) ?? title[language];
  return {
    ...reply.extra,
    type: `urn:skypark:problem:${reply.problem}`,
    title: title[language],
    status,
    detail,
    instance: `urn:skypark:request:${requestId}`,
    code: reply.problem,
    error: detail,
    ...(reply.errors === undefined ? {} : { errors: reply.errors }),
    request_id: requestId,
  };
}

/** Status and headers of a refusal, without the body. */
export function problemHead(
  reply: ProblemReply,
  language: Language,
): { readonly status: number; readonly headers: Record<string, string> } {
  const row = errorEntry(reply.problem);
  const retryAfter = reply.retryAfterSeconds ?? row.retryAfterSeconds;
  const headers: Record<string, string> = {
    'content-type': PROBLEM_TYPE,
    'content-language': language,
    ...(row.status === 401 ? { 'www-authenticate': CHALLENGE } : {}),
    ...reply.headers,
  };
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)));
  return { status: row.status, headers };
}
