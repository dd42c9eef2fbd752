import pino from 'pino';
import { Type } from 'typebox';
import { createMemoryLimiter } from '../limiter/memory-limiter.ts';
import type { Principal, TokenVerifier } from './access.ts';
import { DEFAULT_HTTP_CONFIG } from './http-config.ts';
import type { HttpConfig } from './http-config.ts';
import { createMemoryIdempotencyStore } from './idempotency-memory.ts';
import { createMetricsRegistry } from './observe.ts';
import { OPERATIONS_TAG } from './operations-routes.ts';
import type { ApiInfo } from './openapi.ts';
import { problem } from './problem.ts';
import { defineRoute } from './route.ts';
import type { Route } from './route.ts';
import { date, instant, money, nullable, oneOf, pageQuery, text, uuid } from './schemas.ts';
import { createHttpServer } from './server.ts';
import type { HttpServerOptions } from './server.ts';

export const PARK = '01936f2e-0000-7000-8000-000000000001';
export const OTHER_PARK = '01936f2e-0000-7000-8000-000000000002';

/** Signed-in people of the fixture: the token is the name. */
const PEOPLE: Readonly<Record<string, Principal>> = {
  aida: {
    kind: 'user',
    userId: 'u-aida',
    sessionId: 's1',
    roles: [{ role: 'guest', parkId: null }],
    actor: 'user:u-aida',
  },
  bek: {
    kind: 'user',
    userId: 'u-bek',
    sessionId: 's2',
    roles: [{ role: 'guest', parkId: null }],
    actor: 'user:u-bek',
  },
  gate: {
    kind: 'user',
    userId: 'u-gate',
    sessionId: 's3',
    roles: [{ role: 'gate', parkId: PARK }],
    actor: 'user:u-gate',
  },
  admin: {
    kind: 'user',
    userId: 'u-admin',
    sessionId: 's4',
    roles: [{ role: 'admin', parkId: null }],
    actor: 'user:u-admin',
  },
};

export const fixtureTokens: TokenVerifier = { verify: async (token) => PEOPLE[token] ?? null };

export const fixtureInfo: ApiInfo = {
  title: 'Fixture',
  version: '1.0.0',
  description: 'Routes that exercise the HTTP base.',
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  servers: [{ url: 'http://127.0.0.1:8080', description: 'This machine' }],
  tags: [
    { name: 'Things', description: 'Things' },
    { name: OPERATIONS_TAG, description: 'For machines around us' },
  ],
};

const Child = Type.Object({ name: text(100), birth_date: date() });
const Thing = Type.Object(
  {
    id: Type.String(),
    price: money(),
    note: nullable(Type.String()),
    state: oneOf(['new', 'old']),
    made_at: nullable(instant()),
    children: Type.Array(Child),
    command_id: nullable(Type.String()),
  },
  { $id: 'Thing' },
);
const thing = {
  id: 't1',
  price: '350.00',
  note: null,
  state: 'new',
  made_at: null,
  children: [{ name: 'Алина', birth_date: '2022-03-01' }],
  command_id: null,
} as const;
const orderBody = Type.Object({
  children: Type.Array(Child, { minItems: 1, maxItems: 50 }),
  adults: Type.Optional(Type.Integer({ minimum: 0, maximum: 50 })),
  note: Type.Optional(text(200)),
});
const orderExample = { children: [{ name: 'Алина', birth_date: '2022-03-01' }], adults: 1 };

/** What the order route does next; tests change it. */
export type Behaviour = {
  calls: number;
  next: 'create' | 'full' | 'busy' | 'throw' | 'lost' | 'hang' | 'open';
  wait: Promise<void>;
};

const orderRoute = (behaviour: Behaviour): Route =>
  defineRoute({
    method: 'POST',
    path: '/things',
    operationId: 'createThing',
    summary: 'Make a thing',
    tag: 'Things',
    access: { kind: 'user' },
    body: orderBody,
    bodyExample: orderExample,
    responses: { 201: { description: 'Made.', schema: Thing, example: thing, headers: { Location: 'Where it is' } } },
    problems: ['park_at_capacity', 'busy'],
    idempotency: 'optional',
    handle: async ({ body, commandId }) => {
      behaviour.calls += 1;
      if (behaviour.next === 'throw') throw new Error('secret internals +996555123456');
      if (behaviour.next === 'lost') throw new Error('database lost');
      if (behaviour.next === 'full') return problem('park_at_capacity', { extra: { remaining: 0 } });
      if (behaviour.next === 'busy') return problem('busy', { retryAfterSeconds: 7 });
      if (behaviour.next === 'hang') await behaviour.wait;
      return {
        status: 201,
        ...(behaviour.next === 'open' ? { keep: false } : {}),
        headers: { location: '/things/t1' },
        body: { ...thing, children: body.children, command_id: commandId ?? null },
      };
    },
  });

const readRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/things',
    operationId: 'listThings',
    summary: 'List things',
    tag: 'Things',
    access: { kind: 'public', token: 'optional' },
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(oneOf(['new', 'old'])),
      q: Type.Optional(text(50)),
      all: Type.Optional(Type.Boolean()),
    }),
    responses: {
      200: {
        description: 'All.',
        schema: Type.Object({ query: Type.Any(), who: nullable(Type.String()) }),
        example: { query: {}, who: null },
      },
    },
    problems: [],
    handle: async ({ query, principal }) => ({ status: 200, body: { query, who: principal?.userId ?? null } }),
  }),
  defineRoute({
    method: 'GET',
    path: '/things/:id/qr',
    operationId: 'getThingCode',
    summary: 'The code of a thing as a picture',
    tag: 'Things',
    access: { kind: 'public' },
    params: Type.Object({ id: uuid() }),
    responses: { 200: { description: 'A picture.', contentTypes: ['image/png', 'image/svg+xml'] } },
    problems: ['not_paid'],
    handle: async (request) => {
      const contentType = request.accepts(['image/png', 'image/svg+xml']);
      return { status: 200, body: contentType === 'image/png' ? new Uint8Array([137, 80]) : '<svg/>', contentType };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/things/:id',
    operationId: 'deleteThing',
    summary: 'Remove a thing',
    tag: 'Things',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 204: { description: 'Gone.' } },
    problems: ['not_found'],
    handle: async () => ({ status: 204 }),
  }),
];

const scopedRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/parks/:park_id/figures',
    operationId: 'getFigures',
    summary: 'Figures of a park',
    tag: 'Things',
    access: { kind: 'roles', roles: ['gate', 'admin'], parkFrom: 'params.park_id' },
    params: Type.Object({ park_id: uuid() }),
    responses: { 200: { description: 'Figures.', schema: Type.Object({ who: Type.String() }), example: { who: 'u' } } },
    problems: [],
    handle: async ({ principal }) => ({ status: 200, body: { who: principal.userId } }),
  }),
  defineRoute({
    method: 'POST',
    path: '/payments',
    operationId: 'createPayment',
    summary: 'Pay for a thing',
    tag: 'Things',
    access: { kind: 'user' },
    body: Type.Object({ amount: money() }),
    bodyExample: { amount: '350.00' },
    responses: {
      201: { description: 'Begun.', schema: Type.Object({ command_id: Type.String() }), example: { command_id: 'c' } },
    },
    problems: ['ticket_not_payable'],
    idempotency: 'required',
    handle: async ({ commandId }) => ({ status: 201, body: { command_id: commandId } }),
  }),
  defineRoute({
    method: 'POST',
    path: '/webhooks/:provider',
    operationId: 'receiveWebhook',
    summary: 'What a provider tells us',
    tag: 'Things',
    access: { kind: 'public' },
    params: Type.Object({ provider: text(20) }),
    rawBody: true,
    bodyExample: { event: 'payment.succeeded' },
    responses: {
      200: {
        description: 'Taken.',
        schema: Type.Object({ bytes: Type.Integer(), text: Type.String() }),
        example: { bytes: 2, text: '{}' },
      },
    },
    problems: [],
    handle: async ({ rawBody }) => ({
      status: 200,
      body: { bytes: rawBody?.length ?? 0, text: rawBody?.toString('latin1') ?? '' },
    }),
  }),
];

export const fixtureRoutes = (
  behaviour: Behaviour = { calls: 0, next: 'create', wait: Promise.resolve() },
): Route[] => [orderRoute(behaviour), ...readRoutes, ...scopedRoutes];

/** A server of the fixture with its log lines and what its order route did. */
export async function startFixture(
  overrides: Partial<HttpServerOptions> & { readonly httpConfig?: Partial<HttpConfig> } = {},
) {
  const behaviour: Behaviour = { calls: 0, next: 'create', wait: Promise.resolve() };
  const lines: string[] = [];
  const clock = { nowMs: 1_800_000_000_000, now: () => clock.nowMs };
  let made = 0;
  const { httpConfig, ...options } = overrides;
  const server = await createHttpServer({
    routes: fixtureRoutes(behaviour),
    config: { ...DEFAULT_HTTP_CONFIG, drainDelayMs: 0, rateLimitPerMinute: 1_000_000, ...httpConfig },
    logger: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    clock,
    isFresh: async () => true,
    ids: {
      next: () => `01936f2e-0000-7000-8000-${String((made += 1)).padStart(12, '0')}`,
      derive: (name) => `derived(${name})`,
      secret: () => 'secret',
    },
    tokens: fixtureTokens,
    idempotency: createMemoryIdempotencyStore(),
    limiter: createMemoryLimiter(clock),
    cursorKey: Buffer.alloc(32, 1),
    metrics: createMetricsRegistry(),
    healthChecks: [],
    info: fixtureInfo,
    ...options,
  });
  return { ...server, behaviour, lines, clock };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** A request; `as` names a signed-in person. */
export type Sent = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly as?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
};

/** Sends a request to a fixture; a body that is not a text is written as JSON. */
export async function send({ app }: Fixture, { method = 'GET', url, as, headers = {}, body }: Sent) {
  const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const authorization = as === undefined ? {} : { authorization: `Bearer ${as}` };
  const sent = { ...type, ...authorization, ...headers };
  const response = await app.inject({ method, url, headers: sent, ...payload });
  const json: unknown =
    /json/.test(String(response.headers['content-type'] ?? '')) && response.body !== ''
      ? JSON.parse(response.body)
      : undefined;
  return { status: response.statusCode, headers: response.headers, json, text: response.body };
}
