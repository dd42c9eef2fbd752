import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assert } from '../../kernel/assert.ts';
import { problem } from './problem.ts';
import type { ProblemReply } from './problem.ts';
import type { Route } from './route.ts';
import { parseStrictJson } from './strict-json.ts';
import { receiveUpload } from './upload.ts';

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

/** Refuses a media type that the route does not read. */
function checkMediaType(request: FastifyRequest): void {
  const expected = request.mounted?.route.bodyTypes ?? [];
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!expected.includes(mediaType)) throw new Refused(unsupported(expected));
}

async function keepRawBody(request: FastifyRequest, bytes: Buffer): Promise<undefined> {
  checkMediaType(request);
  request.exactBody = bytes;
}

const receiverInto =
  (folder: string) =>
  async (request: FastifyRequest, body: IncomingMessage): Promise<undefined> => {
    checkMediaType(request);
    const most = request.mounted?.route.bodyLimitBytes ?? 0;
    const told = Number(request.headers['content-length'] ?? 0);
    const upload = told > most ? null : await receiveUpload(body, folder, most);
    if (upload === null) throw new Refused(problem('payload_too_large'));
    request.upload = upload;
  };

/**
 * Replaces the framework's parsers: strict JSON, the exact bytes of the types that some route declares, and files for those
 * that are uploaded.
 */
export function addBodyParsers(app: FastifyInstance, routes: readonly Route[], uploadFolder: string): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJsonBody);
  const typesOf = (some: readonly Route[]) => new Set(some.flatMap(({ bodyTypes }) => bodyTypes));
  const uploaded = typesOf(routes.filter(({ isUpload }) => isUpload));
  for (const type of uploaded) app.addContentTypeParser(type, receiverInto(uploadFolder));
  for (const type of typesOf(routes.filter(({ isUpload }) => !isUpload))) {
    assert(!uploaded.has(type), `bodies of ${type} are either held or written down`);
    if (type !== 'application/json') app.addContentTypeParser(type, { parseAs: 'buffer' }, keepRawBody);
  }
}
