import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem } from './problem.ts';
import type { ProblemReply } from './problem.ts';
import type { Route } from './route.ts';
import { parseStrictJson } from './strict-json.ts';

/** Carries a refusal through places where the framework only passes errors on. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reply: ProblemReply;

  constructor(reply: ProblemReply) {
    super(reply.problem);
    this.reply = reply;
  }
}

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/** Refuses the media type of a body and names those that the route reads. */
export const unsupported = (accepted: readonly string[]): ProblemReply =>
  problem('unsupported_media_type', {
    detail: `Send ${accepted.length === 0 ? 'no body' : accepted.join(' or ')}.`,
    headers: { accept: accepted.join(', ') },
  });

type Parsed = (error: Error | null, body?: unknown) => void;

function parseJsonBody(request: FastifyRequest, bytes: Buffer, done: Parsed): void {
  const route = request.mounted?.route;
  const expected = route?.bodyTypes ?? [];
  const takesJson = expected.length === 0 || expected.includes('application/json');
  if (!takesJson || !JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    done(new Refused(unsupported(expected)));
    return;
  }
  if (route?.rawBody === true) request.exactBody = bytes;
  if (bytes.length === 0 || (route?.rawBody === true && route.body === undefined)) {
    done(null, undefined);
    return;
  }
  const parsed = parseStrictJson(bytes);
  if (parsed.ok) done(null, parsed.value);
  else done(new Refused(problem('malformed_body', { detail: parsed.detail })));
}

function keepRawBody(request: FastifyRequest, bytes: Buffer, done: Parsed): void {
  const expected = request.mounted?.route.bodyTypes ?? [];
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!expected.includes(mediaType)) {
    done(new Refused(unsupported(expected)));
    return;
  }
  request.exactBody = bytes;
  done(null, undefined);
}

/** Replaces the framework's parsers: strict JSON, and the exact bytes of the types that some route declares. */
export function addBodyParsers(app: FastifyInstance, routes: readonly Route[]): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJsonBody);
  const others = new Set(routes.flatMap(({ bodyTypes }) => bodyTypes).filter((type) => type !== 'application/json'));
  for (const type of others) app.addContentTypeParser(type, { parseAs: 'buffer' }, keepRawBody);
}
