import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpenSpan, Tracing } from '../tracing/tracing.ts';
import { OPERATIONS_TAG } from './operations-routes.ts';
import { traceParentOf } from './request-identity.ts';

/** A span for every request, within which all of its work runs; probes and scrapes have none. */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  app.addHook('onRequest', (request, _reply, done) => {
    const parent = traceParentOf(request.headers['traceparent']);
    const span = tracing.begin({
      name: request.method,
      kind: 'server',
      correlationId: request.correlationId,
      ...(parent === null ? {} : { parent }),
    });
    spans.set(request, span);
    span.run(done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { mounted, method } = request;
    const route = mounted?.route.url ?? 'unmatched';
    if (mounted?.route.tag !== OPERATIONS_TAG) {
      spans.get(request)?.end({
        name: `${method} ${route}`,
        failed: reply.statusCode >= 500,
        attributes: {
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': reply.statusCode,
          'skypark.request_id': request.id,
        },
      });
    }
    done();
  });
}
