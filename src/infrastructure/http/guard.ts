import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken, hasRole, hasRoleAt } from './access.ts';
import type { Access, IsFresh, Principal, TokenVerifier } from './access.ts';
import { sendProblem } from './answer.ts';
import { versionOf } from './entity-tag.ts';
import { parseIdempotencyKey } from './idempotency.ts';
import { isRecord } from './json-schema.ts';
import type { MountedRoute, RequestParts } from './mounted-route.ts';
import { chooseMediaType } from './negotiation.ts';
import { problem } from './problem.ts';
import type { ProblemReply } from './problem.ts';
import type { RequestLimits } from './request-limits.ts';

type Done = (error?: Error) => void;

const NO_TOKEN = problem('unauthorized');
const BAD_TOKEN = problem('unauthorized', {
  detail: 'The access token is not valid any more.',
  headers: { 'www-authenticate': 'Bearer realm="skypark", error="invalid_token"' },
});
const BAD_SCHEME = problem('unauthorized', {
  detail: 'The Authorization header must read: Bearer, one space, the access token.',
  headers: { 'www-authenticate': 'Bearer realm="skypark", error="invalid_request"' },
});

/** What the headers alone make impossible, before a byte of the body is read. */
function headerFault(mounted: MountedRoute, request: FastifyRequest): ProblemReply | null {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return problem('unsupported_media_type', {
      detail: 'Request bodies are read uncompressed only.',
      headers: { 'accept-encoding': 'identity' },
    });
  }
  if (
    mounted.produces.length > 0 &&
    headers.accept !== undefined &&
    chooseMediaType(headers.accept, mounted.produces) === null
  ) {
    return problem('not_acceptable', { detail: `Available: ${mounted.produces.join(', ')}.` });
  }
  return versionFault(mounted, request) ?? (mounted.route.idempotency === 'none' ? null : keyFault(mounted, request));
}

function versionFault(mounted: MountedRoute, request: FastifyRequest): ProblemReply | null {
  if (!mounted.route.editing) return null;
  const header = request.headers['if-match'];
  if (header === undefined) return problem('precondition_required');
  const version = versionOf(header);
  if (version === null) return problem('precondition_failed', { detail: 'If-Match must be the ETag of one version.' });
  request.ifMatch = version;
  return null;
}

function keyFault(mounted: MountedRoute, request: FastifyRequest): ProblemReply | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined)
    return mounted.route.idempotency === 'required' ? problem('idempotency_key_required') : null;
  const key = typeof header === 'string' ? parseIdempotencyKey(header) : null;
  if (key === null) {
    return problem('validation_failed', {
      detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters, quoted or bare.',
      errors: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    });
  }
  request.idempotencyKey = key;
  return null;
}

type GuardTools = { readonly tokens: TokenVerifier; readonly isFresh: IsFresh };

/** Devices hold a key of their own and have no password to show. */
const lacksProof = async (principal: Principal | null, isFresh: IsFresh): Promise<boolean> =>
  principal?.kind === 'user' && !(await isFresh(principal));

/**
 * Builds the hook that stands before a route: it counts the request, refuses what headers rule out, proves who is asking
 * and whether their roles can ever suffice. Whether they do at the named park is seen later, when the request is validated.
 */
export function createGuard(mounted: MountedRoute, { tokens, isFresh }: GuardTools, limits: RequestLimits | null) {
  const { access, stepUp } = mounted.route;
  const looksAtToken = access.kind !== 'public' || access.token === 'optional';
  const judge = async (request: FastifyRequest, reply: FastifyReply): Promise<ProblemReply | null> => {
    const fault = headerFault(mounted, request);
    const refusal = fault === null && looksAtToken ? await authenticate(access, tokens, request) : fault;
    const isStale = refusal === null && stepUp === 'required' && (await lacksProof(request.principal, isFresh));
    // Whoever is refused has asked all the same, and counts by address as long as nobody knows who it is.
    return (await limits?.(request, reply)) ?? (isStale ? problem('step_up_required') : refusal);
  };
  return (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    request.mounted = mounted;
    judge(request, reply).then((refusal) => {
      if (refusal === null) done();
      else sendProblem(request, reply, refusal);
    }, done);
  };
}

async function authenticate(
  access: Access,
  tokens: TokenVerifier,
  request: FastifyRequest,
): Promise<ProblemReply | null> {
  const { authorization } = request.headers;
  if (authorization === undefined) return access.kind === 'public' ? null : NO_TOKEN;
  const token = bearerToken(authorization);
  if (token === null) return BAD_SCHEME;
  const principal = await tokens.verify(token);
  if (principal === null) return BAD_TOKEN;
  request.principal = principal;
  if (mayEverCall(access, principal)) return null;
  return problem(principal.withheld === undefined ? 'forbidden' : 'second_factor_required');
}

function mayEverCall(access: Access, principal: Principal): boolean {
  const devices = access.kind === 'roles' ? access.devices : undefined;
  const isWelcome = principal.kind === 'user' ? devices !== 'only' : devices !== undefined;
  return isWelcome && (access.kind !== 'roles' || hasRole(principal, access.roles));
}

/** The value that `parkFrom` points to; null when the request names no park, which only a role at all parks covers. */
function parkOf(parkFrom: string, request: RequestParts): string | null {
  const [part = '', field = ''] = parkFrom.split('.');
  const holder = part === 'params' ? request.params : part === 'query' ? request.query : request.body;
  const value = isRecord(holder) ? holder[field] : undefined;
  return typeof value === 'string' ? value : null;
}

/** Refuses a principal whose role does not reach the park that a validated request names. */
export function parkFault(access: Access, principal: Principal | null, request: RequestParts): ProblemReply | null {
  if (access.kind !== 'roles' || access.parkFrom === undefined || access.parkFrom === 'resource') return null;
  const reaches = principal !== null && hasRoleAt(principal, access.roles, parkOf(access.parkFrom, request));
  return reaches ? null : problem('forbidden');
}
