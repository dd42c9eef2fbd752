import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage } from './language.ts';
import { problemBody, problemHead } from './problem.ts';
import type { ProblemReply } from './problem.ts';
import type { RouteReply } from './route.ts';

/** Headers of every answer. An API answer is never a page: nothing may load, frame or keep it. */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-xss-protection': '0',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}

/** The text of a refusal with its head, for whoever sends or keeps it. */
export function renderProblem(reply: ProblemReply, requestId: string, acceptLanguage: string | undefined) {
  const language = chooseLanguage(acceptLanguage);
  const { status, headers } = problemHead(reply, language);
  return { status, headers, body: JSON.stringify(problemBody(reply, requestId, language)) };
}

/** Answers a refusal. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: ProblemReply): FastifyReply {
  const { status, headers, body } = renderProblem(refusal, request.id, request.headers['accept-language']);
  return reply.code(status).headers(headers).send(body);
}

const isParts = (body: unknown): body is AsyncIterable<string> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Answers what a handler returned. JSON goes through the serialiser that was compiled for its status. */
export function sendReply(request: FastifyRequest, reply: FastifyReply, answer: RouteReply): FastifyReply {
  if ('problem' in answer) return sendProblem(request, reply, answer);
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (answer.contentType !== undefined) reply.type(answer.contentType);
  // An error in a later part cuts the connection: nobody takes the beginning of a table for all of it.
  if (isParts(answer.body)) return reply.send(Readable.from(answer.body));
  return reply.send(answer.body instanceof Uint8Array ? bufferOf(answer.body) : answer.body);
}
