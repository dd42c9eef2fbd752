import Fastify from 'fastify'; import pino from 'pino'; import { Type } from 'typebox';
import { createHttpServer } from '../src/infrastructure/http/server.ts'; import { defineRoute } from '../src/infrastructure/http/route.ts';
import { text, date, uuid, money } from '../src/infrastructure/http/schemas.ts';
import { DEFAULT_HTTP_CONFIG } from '../src/infrastructure/http/http-config.ts';
import { createMetricsRegistry } from '../src/infrastructure/http/observe.ts';
import { createMemoryIdempotencyStore } from '../src/infrastructure/http/idempotency-memory.ts';
import { fixtureInfo } from '../src/infrastructure/http/http-fixture.ts';
import { createLogger } from '../src/infrastructure/logging/logger.ts';
import { uuidv7 } from 'uuidv7';
import { closedSchema } from '../src/infrastructure/http/json-schema.ts';
const Body = Type.Object({ park_id: uuid(), visit_date: date(), children: Type.Array(Type.Object({ name: text(100), birth_date: date() }), { minItems: 1, maxItems: 50 }), adults: Type.Integer({ minimum: 0, maximum: 50 }) });
const Out = Type.Object({ id: Type.String(), price: money(), park_id: Type.String(), visit_date: Type.String(), children: Type.Array(Type.Object({ name: Type.String(), birth_date: Type.String() })) });
const mode = process.argv[2], port = Number(process.argv[3]);
const devnull = pino.destination({ dest: '/dev/null', sync: process.argv[2] === 'syncbuf', minLength: 16384 });
const handle = (b) => ({ id: 'x', price: '700.00', park_id: b.park_id, visit_date: b.visit_date, children: b.children });
if (mode === 'bare') {
  const f = Fastify({ ajv: { customOptions: { keywords: ['example'], coerceTypes: false, removeAdditional: false }}, });
  const schema = JSON.parse(JSON.stringify(closedSchema(Body)));
  f.post('/api/v1/t', { schema: { body: schema, response: { 201: JSON.parse(JSON.stringify(Out)) } } }, async (req, rep) => { rep.code(201); return handle(req.body); });
  await f.listen({ port, host: '127.0.0.1' });
} else {
  const principal = { userId: 'u', sessionId: 's', roles: [], actor: 'user:u' };
  const { app } = await createHttpServer({ routes: [defineRoute({ method: 'POST', path: '/t', operationId: 't', summary: 's', tag: 'Things', access: { kind: mode === 'public' ? 'public' : 'user' } , body: Body, bodyExample: {}, responses: { 201: { description: 'x', schema: Out, example: {} } }, problems: [], handle: async ({ body }) => ({ status: 201, body: handle(body) }) })],
    config: DEFAULT_HTTP_CONFIG, logger: mode === 'silent' ? pino({ level: 'silent' }) : createLogger({ level: 'info' }, devnull), clock: { now: () => Date.now() }, ids: { next: uuidv7, derive: (n) => n, secret: () => '' }, tokens: { verify: async () => principal }, idempotency: createMemoryIdempotencyStore(), metrics: createMetricsRegistry(), healthChecks: [], info: fixtureInfo });
  await app.listen({ port, host: '127.0.0.1' });
}
process.on('message', () => {}); setInterval(() => {}, 1000);
process.on('SIGUSR2', () => { const u = process.cpuUsage(); process.stdout.write('cpu ' + (u.user + u.system) + '\n'); });
