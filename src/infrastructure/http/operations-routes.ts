import { createHash, timingSafeEqual } from 'node:crypto';
import type { Registry } from 'prom-client';
import { Type } from 'typebox';
import { bearerToken } from './access.ts';
import { createStartup, type Readiness, type Startup } from './health.ts';
import { problem } from './problem.ts';
import { defineRoute } from './route.ts';
import type { Route } from './route.ts';
import { oneOf } from './schemas.ts';

/** Its requests come every few seconds from machines. */
export const OPERATIONS_TAG = 'operations';

const CheckResult = Type.Object({
  name: Type.String(),
  required: Type.Boolean({ description: 'Whether we refuse traffic while it is down' }),
  status: oneOf(['up', 'down']),
  ms: Type.Number(),
});
const ReadinessBody = Type.Object(
  { status: oneOf(['ready', 'draining', 'unavailable']), checks: Type.Array(CheckResult) },
  { $id: 'Readiness' },
);

const StartupBody = Type.Object(
  { status: oneOf(['starting', 'started']), checks: Type.Array(CheckResult) },
  { $id: 'Startup' },
);

const readinessExample = { status: 'ready', checks: [{ name: 'postgres', required: true, status: 'up', ms: 1 }] };
const unavailableExample = {
  status: 'unavailable',
  checks: [{ name: 'postgres', required: true, status: 'down', ms: 2000 }],
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares secrets in a time that says nothing about them. */
const sameSecret = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const live = defineRoute({
  method: 'GET',
  path: '/health/live',
  base: false,
  operationId: 'getLiveness',
  summary: 'Whether the process runs',
  description: 'Looks at nothing outside of the process: a failing database must not get it restarted.',
  tag: OPERATIONS_TAG,
  access: { kind: 'public' },
  responses: {
    200: { description: 'It runs.', schema: Type.Object({ status: oneOf(['live']) }), example: { status: 'live' } },
  },
  problems: [],
  handle: async () => ({ status: 200, body: { status: 'live' } }),
});

const ready = (readiness: () => Promise<Readiness>): Route =>
  defineRoute({
    method: 'GET',
    path: '/health/ready',
    base: false,
    operationId: 'getReadiness',
    summary: 'Whether traffic may be sent here',
    description: 'Names each dependency and whether it is required. Answers are up to one second old.',
    tag: OPERATIONS_TAG,
    servedAt: 'everywhere',
    access: { kind: 'public' },
    responses: {
      200: { description: 'Ready.', schema: ReadinessBody, example: readinessExample },
      503: {
        description: 'A required dependency is down, or the process is about to stop.',
        schema: ReadinessBody,
        example: unavailableExample,
      },
    },
    problems: [],
    handle: async () => {
      const body = await readiness();
      return body.status === 'ready' ? { status: 200, body } : { status: 503, body };
    },
  });

const started = (startup: () => Promise<Startup>): Route =>
  defineRoute({
    method: 'GET',
    path: '/health/started',
    base: false,
    operationId: 'getStartup',
    summary: 'Whether the process has started',
    description:
      'True from the first moment at which every required dependency was up, and for ever after: a start-up probe waits for ' +
      'this, and leaves the rest to the other two.',
    tag: OPERATIONS_TAG,
    servedAt: 'everywhere',
    access: { kind: 'public' },
    responses: {
      200: { description: 'It has started.', schema: StartupBody, example: { status: 'started', checks: [] } },
      503: {
        description: 'It waits for a required dependency.',
        schema: StartupBody,
        example: { ...unavailableExample, status: 'starting' },
      },
    },
    problems: [],
    handle: async () => {
      const body = await startup();
      return body.status === 'started' ? { status: 200, body } : { status: 503, body };
    },
  });

const metrics = (registry: Registry, token: string | null): Route =>
  defineRoute({
    method: 'GET',
    path: '/metrics',
    base: false,
    operationId: 'getMetrics',
    summary: 'Metrics in the Prometheus text format',
    description: 'When a metrics token is configured, it is wanted as a Bearer token.',
    tag: OPERATIONS_TAG,
    servedAt: 'everywhere',
    access: { kind: 'public' },
    headers: Type.Object({ authorization: Type.Optional(Type.String({ maxLength: 4200 })) }),
    responses: {
      200: { description: 'All metrics.', contentTypes: ['text/plain'], example: 'process_cpu_seconds_total 1.2\n' },
    },
    problems: ['unauthorized'],
    handle: async ({ headers }) => {
      const given = bearerToken(headers.authorization ?? '');
      if (token !== null && (given === null || !sameSecret(given, token))) {
        return problem('unauthorized', { headers: { 'www-authenticate': 'Bearer realm="metrics"' } });
      }
      return { status: 200, body: await registry.metrics(), contentType: 'text/plain; version=0.0.4; charset=utf-8' };
    },
  });

export type OperationsTools = {
  readonly readiness: () => Promise<Readiness>;
  readonly registry: Registry;
  readonly metricsToken: string | null;
};

/** The routes that machines around us ask. */
export const operationsRoutes = ({ readiness, registry, metricsToken }: OperationsTools): Route[] => [
  live,
  ready(readiness),
  started(createStartup(readiness)),
  metrics(registry, metricsToken),
];

/** The same routes for a document: they can be described, not called. */
export const documentedOperationsRoutes = (registry: Registry): Route[] =>
  operationsRoutes({ readiness: async () => ({ status: 'unavailable', checks: [] }), registry, metricsToken: null });
