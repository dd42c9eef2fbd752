import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assert } from '../../kernel/assert.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Limiter } from '../../kernel/limiter.ts';
import type { Clock } from '../../kernel/time.ts';
import type { IsFresh, TokenVerifier } from './access.ts';
import { renderProblem, sendProblem, sendReply } from './answer.ts';
import { clientOf } from './client-key.ts';
import { compressAnswer } from './compress.ts';
import type { CursorSeal } from './cursor-seal.ts';
import type { EventStreams } from './event-stream.ts';
import { createGuard, parkFault } from './guard.ts';
import { isDefinite, requestFingerprint } from './idempotency.ts';
import type { IdempotencyScope, IdempotencyStore, StoredAnswer } from './idempotency.ts';
import { compileRoute } from './mounted-route.ts';
import type { MountedRoute } from './mounted-route.ts';
import { problem } from './problem.ts';
import { laneOf } from './lanes.ts';
import { createRequestLimits } from './request-limits.ts';
import type { RequestLimits } from './request-limits.ts';
import { commandName, RouteCall } from './route-call.ts';
import type { Route, RouteReply } from './route.ts';
import { openCursor, sealCursor } from './sealed-page.ts';

export type MountTools = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tokens: TokenVerifier;
  readonly isFresh: IsFresh;
  readonly idempotency: IdempotencyStore;
  readonly limiter: Limiter;
  /** Signs the cursors of lists; the same in all processes of a node. At least 32 bytes. */
  readonly cursorKey: Uint8Array;
};

type ServerTools = MountTools & {
  readonly streams: EventStreams;
  readonly cursors: CursorSeal;
  readonly rateLimitPerMinute: number;
};

/** How long a connection may be silent while its upload is worked on: longer than the server waits for other answers. */
const UPLOAD_SILENCE_MS = 600_000;

/** Puts a route on the server. */
export function mountRoute(app: FastifyInstance, route: Route, tools: ServerTools): void {
  const mounted = compileRoute(route);
  const limits = createRequestLimits(route, tools.limiter, tools.clock, tools.rateLimitPerMinute);
  app.route({
    method: route.method,
    url: route.url,
    schema: { response: mounted.answerSchemas },
    config: { lane: laneOf(route) },
    ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
    onRequest: createGuard(mounted, tools, limits),
    ...(route.method === 'GET' ? { onSend: compressAnswer } : {}),
    async handler(request, reply) {
      try {
        return await run(mounted, limits, tools, request, reply);
      } finally {
        await request.upload?.close();
      }
    },
  });
}

async function run(
  mounted: MountedRoute,
  limits: RequestLimits | null,
  tools: ServerTools,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { route } = mounted;
  if (request.upload !== undefined) reply.raw.setTimeout(UPLOAD_SILENCE_MS, () => request.raw.destroy());
  const errors = mounted.validate(request);
  if (errors !== null) {
    const [first] = errors;
    const detail = first === undefined ? undefined : `${first.path} ${first.message}`.trim();
    return sendProblem(
      request,
      reply,
      problem('validation_failed', { errors, ...(detail === undefined ? {} : { detail }) }),
    );
  }
  const tooMany = route.counts && (await limits?.(request, reply, route.counts.of(request.body)));
  const refusal =
    tooMany ?? parkFault(route.access, request.principal, request) ?? openCursor(mounted, tools.cursors, request);
  if (refusal !== null) return sendProblem(request, reply, refusal);
  if (request.idempotencyKey !== undefined) return runOnce(mounted, tools, request.idempotencyKey, request, reply);
  const answer = await route.handle(new RouteCall(request, undefined));
  if ('problem' in answer || answer.events === undefined) {
    return sendReply(request, reply, sealCursor(mounted, tools.cursors, request, answer));
  }
  return tools.streams.send(request, reply, clientOf(request), answer.events);
}

/** Runs a request under its key: the first one for real, a repeat by giving the kept answer again. */
async function runOnce(
  mounted: MountedRoute,
  tools: MountTools,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { principal } = request;
  assert(principal !== null, 'a key needs a principal');
  const scope: IdempotencyScope = { principalId: principal.userId, route: mounted.name, key };
  const fingerprint = requestFingerprint(mounted.name, request.params, request.query, request.body, request.exactBody);
  const begun = await tools.idempotency.begin({ scope, fingerprint, nowMs: tools.clock.now() });
  if (begun.kind === 'in_flight') return sendProblem(request, reply, problem('idempotency_key_in_flight'));
  if (begun.kind === 'mismatch') return sendProblem(request, reply, problem('idempotency_key_reused'));
  if (begun.kind === 'replay') {
    reply.header('idempotent-replayed', 'true');
    return sendStored(reply, begun);
  }
  const call = new RouteCall(request, tools.ids.derive(commandName(principal, mounted.name, key, fingerprint)));
  const answer = await handleOrRelease(mounted, tools, scope, call, request);
  if (!isDefinite(answer)) return sendReply(request, reply, answer);
  const stored = storedAnswer(request, reply, answer);
  await keep(tools, scope, stored, request);
  return sendStored(reply, stored);
}

async function handleOrRelease(
  mounted: MountedRoute,
  tools: MountTools,
  scope: IdempotencyScope,
  call: RouteCall,
  request: FastifyRequest,
): Promise<RouteReply> {
  let definite = false;
  try {
    const answer = await mounted.route.handle(call);
    definite = isDefinite(answer);
    return answer;
  } finally {
    if (!definite) await tools.idempotency.release(scope).catch((error: unknown) => logLost(request, error));
  }
}

/** An answer that cannot be kept is still given: its effects are done, and a repeat finds them by the command id. */
async function keep(
  tools: MountTools,
  scope: IdempotencyScope,
  stored: StoredAnswer,
  request: FastifyRequest,
): Promise<void> {
  await tools.idempotency.complete(scope, stored).catch((error: unknown) => logLost(request, error));
}

const logLost = (request: FastifyRequest, error: unknown): void => {
  request.log.warn({ err: error, request_id: request.id }, 'idempotency store failed');
};

function storedAnswer(request: FastifyRequest, reply: FastifyReply, answer: RouteReply): StoredAnswer {
  if ('problem' in answer) return renderProblem(answer, request.id, request.headers['accept-language']);
  if (answer.body === undefined) return { status: answer.status, body: '', headers: { ...answer.headers } };
  const body = reply.code(answer.status).serialize(answer.body);
  assert(typeof body === 'string', 'a kept answer is a text');
  return {
    status: answer.status,
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', ...answer.headers },
  };
}

const sendStored = (reply: FastifyReply, stored: StoredAnswer): FastifyReply =>
  reply
    .code(stored.status)
    .headers({ ...stored.headers })
    .send(stored.body === '' ? undefined : stored.body);
