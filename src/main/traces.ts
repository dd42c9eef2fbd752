import type { PostgresEventStore } from '../infrastructure/event-store/postgres-store.ts';
import type { HttpFetch } from '../infrastructure/outgoing-http/http-fetch.ts';
import { parentOfEvent } from '../infrastructure/tracing/trace-ids.ts';
import { traceparentOf, within, type Tracing } from '../infrastructure/tracing/tracing.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Config } from './config.ts';

/** Where the configuration names a collector; else null, and nothing of it is even loaded. */
export async function openTracing({ otlpEndpoint, nodeId }: Config): Promise<Tracing | null> {
  if (otlpEndpoint === null) return null;
  const { createOtlpTracing } = await import('../infrastructure/tracing/otlp-tracing.ts');
  return createOtlpTracing({ endpoint: otlpEndpoint, nodeId });
}

/** The store, with a span for every append and one for every event that it stored. */
export function traceAppends(store: PostgresEventStore, tracing: Tracing): PostgresEventStore {
  return {
    ...store,
    append(append) {
      const { correlationId } = append.context;
      return within(tracing, { name: 'append', kind: 'internal', correlationId }, async () => {
        const answer = await store.append(append);
        const isNew = answer.outcome === 'stored';
        for (const event of isNew ? append.streams.flatMap(({ events }) => events) : []) tracing.stored(event);
        return answer;
      });
    },
  };
}

/** The flow, with a span for every event, in the trace of the request that the event began with. */
export const traceFlow = (flow: Flow, tracing: Tracing): Flow => ({
  ...flow,
  handle(event) {
    const name = `${flow.name} ${event.type}`;
    const attributes = { 'skypark.position': event.meta.position };
    return within(tracing, { name, kind: 'consumer', attributes, parent: parentOfEvent(event.meta) }, () =>
      flow.handle(event),
    );
  },
});

/** `fetch`, with a span for every call, of which the other side is told. */
export const traceCalls =
  (http: HttpFetch, tracing: Tracing): HttpFetch =>
  async (url, init) => {
    const method = init.method ?? 'GET';
    const attributes = { 'http.request.method': method, 'server.address': new URL(url).hostname };
    return within(tracing, { name: `${method} ${new URL(url).hostname}`, kind: 'client', attributes }, () => {
      const headers = new Headers(init.headers);
      const place = tracing.current();
      if (place !== null) headers.set('traceparent', traceparentOf(place));
      return http(url, { ...init, headers });
    });
  };
