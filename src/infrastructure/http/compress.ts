import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Done = (error: Error | null, payload: unknown) => void;

/** Below this a compressed answer saves no packet. */
const WORTH_CHARACTERS = 1_024;
/** Most of what there is to gain, at a fraction of the time of the highest. */
const LEVEL = 4;
const GZIP = /^\s*(?:gzip|\*)\s*(?:;\s*q\s*=\s*(?!0(?:\.0{0,3})?\s*$)[\d.]+\s*)?$/i;

const takesGzip = (header: string | undefined): boolean =>
  header !== undefined &&
  header
    .slice(0, 1_000)
    .split(',')
    .some((part) => GZIP.test(part));

/** A strong tag names one sequence of bytes, and `If-Match` needs it strong: what carries one is sent as it is. */
const isCompressible = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type')).startsWith('application/json') &&
  !reply.hasHeader('etag') &&
  !reply.hasHeader('content-encoding');

/**
 * Sends what a `GET` answers in JSON compressed to whoever takes it so: lists are long and alike, and networks of phones slow.
 * No secret can be guessed by the length of an answer as in BREACH: a page elsewhere cannot make a browser send the token that
 * secrets are read with.
 */
export function compressAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
  if (request.method !== 'GET' || typeof payload !== 'string' || !isCompressible(reply)) return done(null, payload);
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`);
  if (payload.length < WORTH_CHARACTERS || !takesGzip(request.headers['accept-encoding'])) return done(null, payload);
  gzip(payload, { level: LEVEL }, (error, bytes) => {
    if (error !== null) return done(error, payload);
    reply.header('content-encoding', 'gzip').header('content-length', bytes.length);
    done(null, bytes);
  });
}
