import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Limiter, LimitPolicy, Taken } from '../../kernel/limiter.ts';
import type { Clock } from '../../kernel/time.ts';
import { clientOf, subscriberOf } from './client-key.ts';
import type { ClientKey } from './client-key.ts';
import { limitsOf } from './limits.ts';
import type { RouteLimit } from './limits.ts';
import { OPERATIONS_TAG } from './operations-routes.ts';
import { problem } from './problem.ts';
import type { ProblemReply } from './problem.ts';
import type { Route } from './route.ts';

type Outcome = { readonly policy: LimitPolicy; readonly taken: Taken };

const remainingOf = ({ taken }: Outcome): number => (taken.ok ? taken.remaining : 0);
const secondsOf = ({ taken }: Outcome): number => (taken.ok ? taken.resetSeconds : taken.retryAfterSeconds);

/** Counts requests and refuses those that are too many. */
export type RequestLimits = (request: FastifyRequest, reply: FastifyReply) => Promise<ProblemReply | null>;

/**
 * Builds the count of a route: null where nothing is counted, on the addresses for machines around us. Every answer says
 * how much is left (draft-ietf-httpapi-ratelimit-headers), and `X-RateLimit-*` the same of the limit that is nearest;
 * `X-RateLimit-Reset` in seconds since 1970.
 */
export function createRequestLimits(
  route: Pick<Route, 'tag' | 'limits'>,
  limiter: Limiter,
  clock: Clock,
  perMinuteOfClient: number,
): RequestLimits | null {
  if (route.tag === OPERATIONS_TAG) return null;
  const limitsFor = (kind: ClientKey['kind']) => limitsOf(route.limits, kind, perMinuteOfClient);
  const limits = { account: limitsFor('account'), device: limitsFor('device'), address: limitsFor('address') };
  return async (request, reply) => {
    const client = clientOf(request);
    const outcomes = await Promise.all(
      limits[client.kind].map(async (limit) => ({
        policy: limit.policy,
        taken: await limiter.take(limit.policy, keyOf(limit, client, request.ip)),
      })),
    );
    const nearest = outcomes.reduce((least, one) => (isNearer(one, least) ? one : least));
    reply.headers(limitHeaders(outcomes, nearest, clock.now()));
    if (nearest.taken.ok) return null;
    const { limit, windowSeconds } = nearest.policy;
    return problem('rate_limited', {
      detail: `More than ${limit} requests in ${windowSeconds} seconds.`,
      retryAfterSeconds: nearest.taken.retryAfterSeconds,
    });
  };
}

const keyOf = ({ by }: RouteLimit, client: ClientKey, ip: string): string =>
  by === 'address' ? subscriberOf(ip) : `${client.kind} ${client.key}`;

/** Whether one limit stops a client before another does: refusals first, the longest before all. */
function isNearer(one: Outcome, other: Outcome): boolean {
  if (one.taken.ok !== other.taken.ok) return !one.taken.ok;
  return one.taken.ok ? remainingOf(one) < remainingOf(other) : secondsOf(one) > secondsOf(other);
}

const limitHeaders = (outcomes: readonly Outcome[], nearest: Outcome, nowMs: number): Record<string, string> => ({
  'x-ratelimit-limit': String(nearest.policy.limit),
  'x-ratelimit-remaining': String(remainingOf(nearest)),
  'x-ratelimit-reset': String(Math.ceil(nowMs / 1000) + secondsOf(nearest)),
  'ratelimit-policy': outcomes
    .map(({ policy }) => `"${policy.name}";q=${policy.limit};w=${policy.windowSeconds}`)
    .join(', '),
  ratelimit: outcomes.map((one) => `"${one.policy.name}";r=${remainingOf(one)};t=${secondsOf(one)}`).join(', '),
});
