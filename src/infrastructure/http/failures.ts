import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './answer.ts';
import { Refused, unsupported } from './body-parsers.ts';
import { isRecord } from './json-schema.ts';
import { problem } from './problem.ts';
import type { ProblemReply } from './problem.ts';

/** Turns an error that the application knows, such as a lost database, into a refusal; null for any other. */
export type ErrorMapper = (error: unknown) => ProblemReply | null;

const FRAMEWORK_ERRORS: Readonly<Record<string, ProblemReply>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: problem('payload_too_large'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problem('malformed_body', {
    detail: 'The body is not as long as Content-Length says.',
  }),
  FST_ERR_BAD_URL: problem('malformed_body', { detail: 'The address has a broken percent-escape.' }),
  FST_ERR_MAX_PARAM_LENGTH: problem('not_found'),
};

const codeOf = (error: unknown): string =>
  isRecord(error) || error instanceof Error ? String(Reflect.get(error, 'code') ?? '') : '';

/** Connection errors of a client that went away: nobody is left to answer. */
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED']);

/** The refusal behind an error that the framework or a parser passes on. */
function foreseen(error: unknown, request: FastifyRequest): ProblemReply | undefined {
  if (error instanceof Refused) return error.reply;
  const code = codeOf(error);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return unsupported(request.mounted?.route.bodyTypes ?? []);
  return FRAMEWORK_ERRORS[code];
}

/** Answers errors as problems. What nobody foresaw is logged and answered as `internal`, which tells nothing. */
export function createErrorHandler(mapError: ErrorMapper) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const known = foreseen(error, request);
    const refusal = known ?? mapError(error);
    const context = {
      err: error,
      request_id: request.id,
      correlation_id: request.correlationId,
      route: request.mounted?.name,
    };
    if (refusal === null && GONE.has(codeOf(error))) request.log.debug(context, 'client went away');
    else if (refusal === null) request.log.error(context, 'request failed');
    else if (known === undefined) request.log.warn(context, 'request refused');
    sendProblem(request, reply, refusal ?? problem('internal'));
  };
}

type Address = { readonly pattern: RegExp; readonly methods: Set<string> };

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll(/:\w+/g, '[^/]+')}$`,
  );

/** Collects the methods of every address, to tell a wrong method (405 with `Allow`) from a wrong address (404). */
export function createMissHandler(app: FastifyInstance) {
  const addresses = new Map<string, Address>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*') return;
    const found = addresses.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    addresses.set(url, found);
    for (const one of [method].flat()) found.methods.add(one);
  });
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const path = (request.raw.url ?? '').split('?', 1)[0] ?? '';
    const allowed = new Set(
      [...addresses.values()].filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]),
    );
    const allow = [...allowed].toSorted().join(', ');
    sendProblem(
      request,
      reply,
      allowed.size === 0 ? problem('not_found') : problem('method_not_allowed', { headers: { allow } }),
    );
  };
}
