import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLogger } from '../../src/infrastructure/logging/logger.ts';
import { traceIdFor } from '../../src/infrastructure/tracing/trace-ids.ts';
import { startProduct } from '../../src/main/product.ts';
import { visitPark } from '../../tools/demo/family.ts';
import { noJournal } from '../../tools/demo/journal.ts';
import { Session } from '../../tools/demo/session.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, localSettings, temporaryDataDir } from '../support/product.ts';
import { patience } from './guests.ts';

type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly unknown[];
};
type Export = {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
};

/** Takes spans as a collector does. */
async function startCollector() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { resourceSpans } = JSON.parse(body) as Export;
      if (request.url === '/v1/traces')
        spans.push(...resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return { spans, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

const OUTER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

/** Sends payments as a caller does that traces itself, and notes the id of the first scan. */
function traceCaller() {
  const seen = { scanRequestId: '' };
  const original = globalThis.fetch;
  const watch = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (pathname === '/api/v1/payments') request.headers.set('traceparent', `00-${OUTER.traceId}-${OUTER.spanId}-01`);
    const answer = await original(request);
    if (pathname === '/api/v1/gate/scans') seen.scanRequestId ||= answer.headers.get('x-request-id') ?? '';
    return answer;
  });
  onTestFinished(() => watch.mockRestore());
  return seen;
}

describeWithDatabase('a product with a collector of traces', () => {
  test('shows a request, its append, its call to the provider, and the flow that goes on with it, as one trace', async () => {
    const collector = await startCollector();
    const template = await createTestDatabase();
    onTestFinished(() => template.drop());
    const more = { DATABASE_URL: template.url, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const config = configOf(await localSettings(await temporaryDataDir(), more));
    const seen = traceCaller();
    const product = await startProduct(config, createLogger({ level: 'error' }));
    try {
      const gate = new Session(config.publicUrl, product.accounts?.gate ?? { phone: '', password: '' }, patience);
      await gate.signIn();
      await visitPark({ baseUrl: config.publicUrl, gate, journal: noJournal, patience, tell: () => undefined });
    } finally {
      await product.stop();
    }
    const { spans } = collector;
    const named = (traceId: string, name: string): Span => {
      const found = spans.find((span) => span.traceId === traceId && span.name === name);
      expect(found, name).toBeDefined();
      return found as Span;
    };

    const payment = named(OUTER.traceId, 'POST /api/v1/payments');
    expect(payment.parentSpanId).toBe(OUTER.spanId);
    const appended = spans.filter(({ name, parentSpanId }) => name === 'append' && parentSpanId === payment.spanId);
    expect(appended.map(({ spanId }) => spanId)).toContain(named(OUTER.traceId, 'store PaymentIntended').parentSpanId);
    expect(named(OUTER.traceId, 'POST 127.0.0.1').parentSpanId).toBe(payment.spanId);

    const ofScan = traceIdFor(seen.scanRequestId);
    const stored = named(ofScan, 'store PeopleAdmitted');
    const flow = named(ofScan, 'flow.earn-points PeopleAdmitted');
    expect(flow.parentSpanId).toBe(stored.spanId);
    expect(named(ofScan, 'append').traceId).toBe(ofScan);
    expect(spans.some(({ name, parentSpanId }) => name === 'append' && parentSpanId === flow.spanId)).toBe(true);

    // What is said of them are our own words.
    expect(JSON.stringify(spans)).not.toMatch(/\+996|Алина|eyJ/);
    expect(spans.some(({ name }) => name.includes('/health') || name.includes('/metrics'))).toBe(false);
  });
});
