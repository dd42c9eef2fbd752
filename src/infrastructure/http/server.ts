import cors from '@fastify/cors';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { securityHeaders, sendProblem } from './answer.ts';
import { addBodyParsers } from './body-parsers.ts';
import { createCursorSeal } from './cursor-seal.ts';
import { serveDocuments } from './documents.ts';
import { createDrain } from './drain.ts';
import type { DrainState } from './drain.ts';
import { createEventStreams } from './event-stream.ts';
import { createErrorHandler, createMissHandler } from './failures.ts';
import type { ErrorMapper } from './failures.ts';
import { createReadiness } from './health.ts';
import type { HealthCheck } from './health.ts';
import type { HttpConfig } from './http-config.ts';
import type { JsonSchema } from './json-schema.ts';
import { guardLanes } from './lanes.ts';
import { mountRoute } from './mount.ts';
import type { MountTools } from './mount.ts';
import { observeRequests } from './observe.ts';
import { openApiDocument } from './openapi.ts';
import type { ApiInfo } from './openapi.ts';
import { operationsRoutes } from './operations-routes.ts';
import { servePages } from './pages.ts';
import type { WebApp } from './pages.ts';
import { problem } from './problem.ts';
import { answerOddRequests, createClientErrorHandler } from './protocol.ts';
import { acceptedRequestId, traceIdOf } from './request-identity.ts';
import type { Route } from './route.ts';
import { serializerOf } from './serialization.ts';
import { parseStrictQuery, queryFault } from './strict-query.ts';
import { traceRequests } from './trace-requests.ts';
import type { TlsPair } from '../tls/tls-files.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { closeAfterAnswer, hasUnreadBody, isClosing } from './unread-body.ts';

export type HttpServerOptions = MountTools & {
  readonly routes: readonly Route[];
  readonly config: HttpConfig;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Registry;
  readonly healthChecks: readonly HealthCheck[];
  /** Null or absent: connections are not encrypted here. */
  readonly tls?: TlsPair | null;
  /** Null or absent: requests have no spans. */
  readonly tracing?: Tracing | null;
  /** Null: the server shows no documents. */
  readonly info: ApiInfo | null;
  /** Absent: the server shows no pages. */
  readonly webApps?: readonly WebApp[];
  /** Names the errors that are not bugs: a lost database becomes `busy`. */
  readonly mapError?: ErrorMapper;
};

export type HttpServer = {
  readonly app: FastifyInstance;
  /** Ends in order; see `createDrain`. */
  readonly drain: () => Promise<void>;
};

/** How often connections are looked at for the header and request time limits. */
const TIMEOUT_SCAN_MS = 1_000;
/** Within this a client under TLS has to agree on keys. */
const HANDSHAKE_MS = 10_000;
/** Longest path parameter: an admission code with room to spare. */
const MAX_PARAM_LENGTH = 300;
const EXPOSED_HEADERS = [
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Request-Id',
];

/** Builds the server with every route on it. It does not listen yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, logger, metrics, clock } = options;
  const state: DrainState = { draining: false };
  const fixedHeaders = securityHeaders(config.publicUrl);
  const onError = createErrorHandler(options.mapError ?? (() => null));
  const observer: { refused: ReturnType<typeof observeRequests>['refused'] } = { refused: () => undefined };
  const app: FastifyInstance = Fastify({
    ...limitsOf(config, options.tls ?? null),
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // One logger for all requests: lines name their request themselves, which is cheaper than a child for each.
    childLoggerFactory: (parent) => parent,
    genReqId: (request) => acceptedRequestId(request.headers['x-request-id']) ?? options.ids.next(),
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, querystringParser: parseStrictQuery },
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...fixedHeaders, 'x-request-id': request.id });
      leaveBody(request, reply);
      onError(error, request, reply);
    },
    clientErrorHandler: createClientErrorHandler(options.ids, fixedHeaders, (code) => observer.refused(code)),
  });
  answerOddRequests(app.server, options.ids, fixedHeaders);
  app.setSerializerCompiler<JsonSchema>(({ schema }) => serializerOf(schema));
  decorate(app);
  app.setErrorHandler(onError);
  const onMiss = createMissHandler(app);
  app.setNotFoundHandler(onMiss);
  observer.refused = observeRequests(app, metrics).refused;
  addEntryHook(app, fixedHeaders, state, onMiss);
  guardLanes(app, config, metrics);
  if (options.tracing) traceRequests(app, options.tracing);
  if (config.corsOrigins.length > 0)
    await app.register(cors, { origin: [...config.corsOrigins], exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });
  const readiness = createReadiness(options.healthChecks, clock, () => state.draining);
  const routes = [
    ...options.routes,
    ...operationsRoutes({ readiness, registry: metrics, metricsToken: config.metricsToken }),
  ];
  addBodyParsers(app, routes, config.uploadFolder);
  const streams = createEventStreams(config.streams, metrics);
  const { rateLimitPerMinute } = config;
  const tools = { ...options, streams, rateLimitPerMinute, cursors: createCursorSeal(options.cursorKey) };
  for (const route of routes) mountRoute(app, route, tools);
  await servePages(app, options.webApps ?? []);
  if (options.info !== null) await serveDocuments(app, openApiDocument(routes, options.info));
  return { app, drain: createDrain(app, state, config, () => streams.end()) };
}

/** Limits of connections and messages. */
function limitsOf(config: HttpConfig, tls: TlsPair | null) {
  const messages = {
    headersTimeout: Math.min(config.headersTimeoutMs, config.readTimeoutMs),
    connectionsCheckingInterval: TIMEOUT_SCAN_MS,
    // A missing Host is refused by our own hook, with a body that says so.
    requireHostHeader: false,
  };
  return {
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.readTimeoutMs,
    connectionTimeout: config.writeTimeoutMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    return503OnClosing: false,
    http: messages,
    // For Fastify's types a server is one that speaks in the clear; what we use of it is the same.
    ...(tls === null ? {} : ({ https: { ...messages, ...tls, handshakeTimeout: HANDSHAKE_MS } } as object)),
  };
}

function decorate(app: FastifyInstance): void {
  app.decorateRequest('mounted', null);
  app.decorateRequest('principal', null);
  app.decorateRequest('correlationId', '');
  app.decorateRequest('idempotencyKey', undefined);
  app.decorateRequest('ifMatch', 0);
  app.decorateRequest('exactBody', undefined);
  app.decorateRequest('upload', undefined);
}

/** The hook in front of everything: identity, fixed headers, and what is wrong with an address as such. */
function addEntryHook(
  app: FastifyInstance,
  fixedHeaders: Readonly<Record<string, string>>,
  state: DrainState,
  onMiss: ReturnType<typeof createMissHandler>,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (isClosing(request.raw.socket)) return;
    request.correlationId = traceIdOf(request.headers['traceparent']) ?? request.id;
    reply.headers(fixedHeaders);
    reply.header('x-request-id', request.id);
    if (state.draining) reply.header('connection', 'close');
    const fault = addressFault(request);
    if (fault !== null) sendProblem(request, reply, problem('malformed_body', { detail: fault }));
    // Unknown addresses are answered before their body is read.
    else if (request.is404) onMiss(request, reply);
    else done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    leaveBody(request, reply);
    done();
  });
}

/** Ends the connection with this answer when the body of its request was not read. */
function leaveBody({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (!hasUnreadBody(raw)) return;
  reply.header('connection', 'close');
  closeAfterAnswer(raw);
}

function addressFault({ raw, query }: FastifyRequest): string | null {
  const hosts = hostsIn(raw.rawHeaders);
  if (hosts === 0) return 'The Host header is missing.';
  if (hosts > 1) return 'There is more than one Host header.';
  if (raw.url?.includes('%00') === true) return 'The address contains a NUL character.';
  return queryFault(query) ?? null;
}

/** How many Host headers there are: the parsed headers show the first one only. Names and values come in turn. */
function hostsIn(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}
