import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from './error-table.ts';
import { OPERATIONS_TAG } from './operations-routes.ts';

let ofProcess: Registry | null = null;

/**
 * A registry with the metrics of the process in it. They are collected once, however many programs run in one process, one after another
 * or side by side: who watches the event loop and the garbage collector is never let go.
 */
export function createMetricsRegistry(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  const register = new Registry();
  for (const { name } of ofProcess.getMetricsAsArray()) {
    const metric = ofProcess.getSingleMetric(name);
    if (metric !== undefined) register.registerMetric(metric);
  }
  return register;
}

type Observe = (seconds: number) => void;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Counts, times and logs every request, once, when its answer is out. Lines and labels name the route template, never the
 * address: that may hold a code, a phone or a token.
 */
export function observeRequests(
  app: FastifyInstance,
  register: Registry,
): { readonly refused: (code: ErrorCode) => void } {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [register],
  });
  const refusals = new Counter({
    name: 'http_connections_refused_total',
    help: 'Requests refused before they became one, by error code',
    labelNames: ['code'],
    registers: [register],
  });
  const observerOf = createObservers(duration);
  app.addHook('onResponse', (request, reply, done) => {
    const ms = reply.elapsedTime;
    observerOf(request, Math.floor(reply.statusCode / 100))(ms / 1_000);
    logRequest(request, reply, ms);
    done();
  });
  return { refused: (code) => refusals.inc({ code }) };
}

type Labels = 'method' | 'route' | 'status';

/** Finds the labelled child of a request once per route and status class: finding one costs more than observing. */
function createObservers(duration: Histogram<Labels>): (request: FastifyRequest, statusClass: number) => Observe {
  const known = new WeakMap<object, Map<number, Observe>>();
  const unmatched = {};
  return ({ mounted }, statusClass) => {
    const owner: object = mounted ?? unmatched;
    const ofRoute = known.get(owner) ?? new Map<number, Observe>();
    known.set(owner, ofRoute);
    const found = ofRoute.get(statusClass);
    if (found !== undefined) return found;
    const child = duration.labels(
      mounted?.route.method ?? 'any',
      mounted?.route.url ?? 'unmatched',
      `${statusClass}xx`,
    );
    const observe: Observe = (seconds) => child.observe(seconds);
    ofRoute.set(statusClass, observe);
    return observe;
  };
}

function logRequest(request: FastifyRequest, reply: FastifyReply, ms: number): void {
  const { mounted, principal } = request;
  // Who reached for what is not theirs; an id names nobody outside.
  const isDenied = principal !== null && (reply.statusCode === 403 || reply.statusCode === 404);
  const line = {
    route: mounted?.name ?? 'unmatched',
    status: reply.statusCode,
    ms: Math.round(ms * 100) / 100,
    request_id: request.id,
    correlation_id: request.correlationId,
    ...(isDenied ? { actor: principal.actor } : {}),
  };
  if (mounted?.route.tag === OPERATIONS_TAG) request.log.debug(line, 'request');
  else request.log.info(line, 'request');
}
