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

const remainingOf = ({ taken }: Outcome): number => taken.remaining;
const secondsOf = ({ taken }: Outcome): number => (taken.ok ? taken.resetSeconds : taken.retryAfterSeconds);

/**
 * Counts requests and refuses those that are too many.
 * @param items asked about a request that was counted as one already, and turned out to hold so many of what its route counts
 */
export type RequestLimits = (
  request: FastifyRequest,
  reply: FastifyReply,
  items?: number,
) => Promise<ProblemReply | null>;

/** Takes what a request holds beyond the one that was taken. More than the limit counts as all of it: it may go some time. */
async function takeRest(limiter: Limiter, policy: LimitPolicy, key: string, items: number): Promise<Taken> {
  const whole = Math.min(items, policy.limit);
  const taken = await limiter.take(policy, key, whole - 1);
  // Sent again, it is counted from the start: the time to wait is that for all of it.
  return taken.ok ? taken : limiter.take(policy, key, whole);
}

/**
 * Builds the count of a route: null where nothing is counted, on the addresses for machines around us. Every answer says
 * how much is left (draft-ietf-httpapi-ratelimit-headers), and `X-RateLimit-*` the same of the limit that is nearest;
 * `X-RateLimit-Reset` in seconds since 1970.
 */
export function createRequestLimits(
  route: Pick<Route, 'tag' | 'limits' | 'counts'>,
  limiter: Limiter,
  clock: Clock,
  perMinuteOfClient: number,
): RequestLimits | null {
  if (route.tag === OPERATIONS_TAG) return null;
  const limitsFor = (kind: ClientKey['kind']) => limitsOf(route.limits, kind, perMinuteOfClient);
  const limits = { account: limitsFor('account'), device: limitsFor('device'), address: limitsFor('address') };
  return async (request, reply, items) => {
    const client = clientOf(request);
    const outcomes = await Promise.all(
      limits[client.kind].map(async (limit) => {
        const { policy } = limit;
        const key = keyOf(limit, client, request.ip);
        const taking = items === undefined ? limiter.take(policy, key) : takeRest(limiter, policy, key, items);
        return { policy, taken: await taking };
      }),
    );
    const nearest = outcomes.reduce((least, one) => (isNearer(one, least) ? one : least));
    reply.headers(limitHeaders(outcomes, nearest, clock.now()));
    if (nearest.taken.ok) return null;
    const { limit, windowSeconds } = nearest.policy;
    return problem('rate_limited', {
      detail: `More than ${limit} ${route.counts?.what ?? 'requests'} in ${windowSeconds} seconds.`,
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
