import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { spanIdOfEvent, traceIdFor } from './trace-ids.ts';
import type { OpenSpan, SpanPlace, SpanStart, Tracing } from './tracing.ts';

const KINDS: Readonly<Record<SpanStart['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

const SEND_LIMIT_MS = 2000;

type Setting = {
  /** Of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  readonly nodeId: string;
};

/** Spans over OTLP/HTTP, sent in batches; what the collector does not take is lost, and nothing waits for it. */
export function createOtlpTracing({ endpoint, nodeId }: Setting): Tracing {
  // Ids that a span is to have, for the moment in which it is made.
  const wanted: { traceId: string | null; spanId: string | null } = { traceId: null, spanId: null };
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'skypark', 'service.instance.id': `${nodeId}/${process.pid}` }),
    idGenerator: {
      generateTraceId: () => wanted.traceId ?? randomBytes(16).toString('hex'),
      generateSpanId: () => wanted.spanId ?? randomBytes(8).toString('hex'),
    },
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: SEND_LIMIT_MS })),
    ],
  });
  const tracer = provider.getTracer('skypark');
  const running = new AsyncLocalStorage<SpanPlace>();

  function contextOf(parent: SpanPlace | undefined): Context {
    if (parent === undefined) return ROOT_CONTEXT;
    const traceFlags = parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags, isRemote: true });
  }

  function start({ name, kind, attributes = {}, parent, correlationId }: SpanStart, spanId: string | null): Span {
    wanted.spanId = spanId;
    wanted.traceId = correlationId === undefined ? null : traceIdFor(correlationId);
    try {
      return tracer.startSpan(name, { kind: KINDS[kind], attributes }, contextOf(parent ?? running.getStore()));
    } finally {
      wanted.spanId = null;
      wanted.traceId = null;
    }
  }

  return {
    begin(wantedSpan): OpenSpan {
      const span = start(wantedSpan, null);
      const { traceId, spanId, traceFlags } = span.spanContext();
      const place = { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
      return {
        place,
        run: (work) => running.run(place, work),
        end({ failed = false, name, attributes = {} } = {}) {
          if (name !== undefined) span.updateName(name);
          span.setAttributes(attributes);
          if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    current: () => running.getStore() ?? null,
    stored({ id, type }) {
      if (running.getStore() === undefined) return;
      start({ name: `store ${type}`, kind: 'producer' }, spanIdOfEvent(id)).end();
    },
    // A collector that is away keeps nobody from ending.
    close: () => provider.shutdown().catch(() => undefined),
  };
}
