import type { FastifyRequest } from 'fastify';
import type { CursorScope, CursorSeal } from './cursor-seal.ts';
import { isRecord } from './json-schema.ts';
import type { MountedRoute } from './mounted-route.ts';
import { problem } from './problem.ts';
import type { ProblemReply } from './problem.ts';
import type { RouteReply } from './route.ts';

/** Readers of an open list are not told apart: all of them see the same rows. */
const ANYONE = 'anyone';

const scopeOf = ({ name, route }: MountedRoute, { params, principal }: FastifyRequest): CursorScope => ({
  route: name,
  params,
  reader: route.access.kind === 'public' ? ANYONE : (principal?.userId ?? ANYONE),
});

/** Takes the signature off the cursor of a validated request, so that the handler finds what it wrote; refuses any other. */
export function openCursor(mounted: MountedRoute, seal: CursorSeal, request: FastifyRequest): ProblemReply | null {
  const { query } = request;
  if (!mounted.isPaged || !isRecord(query) || typeof query['cursor'] !== 'string') return null;
  const cursor = seal.open(scopeOf(mounted, request), query['cursor']);
  if (cursor === null) {
    return problem('validation_failed', { errors: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
  }
  query['cursor'] = cursor;
  return null;
}

/** Signs the cursor of an answer for whoever asked. */
export function sealCursor(
  mounted: MountedRoute,
  seal: CursorSeal,
  request: FastifyRequest,
  answer: RouteReply,
): RouteReply {
  if (!mounted.isPaged || 'problem' in answer || !isRecord(answer.body)) return answer;
  const { next_cursor: cursor } = answer.body;
  if (typeof cursor !== 'string') return answer;
  return { ...answer, body: { ...answer.body, next_cursor: seal.sign(scopeOf(mounted, request), cursor) } };
}
