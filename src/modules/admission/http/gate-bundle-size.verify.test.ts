import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { openGateServer, type GateServer } from './gate-server.suite.ts';

const TICKETS = 20_000;
const MB = 1024 * 1024;
/** A page has 200 tickets; a whole day goes over a slow radio within a minute or two. */
const PAGE_LIMIT_BYTES = 128 * 1024;
const DAY_LIMIT_BYTES = 10 * MB;
const HEAP_LIMIT_BYTES = 64 * MB;
const LIMIT_MS = 120_000;

describeWithDatabase('the bundle of a day with 20,000 tickets', () => {
  let server: GateServer;

  beforeAll(async () => {
    server = await openGateServer();
    const ids = Array.from({ length: TICKETS }, () => server.sell().ticketId);
    const rows = ids.map((id, index) => `('${id}', date '2026-12-05', 'ala-archa', ${index + 1}, null)`);
    await server.opened.asOwner(
      `insert into admission.gate_days (ticket_id, visit_date, park_id, position, revoked_as) values ${rows.join(',')}`,
    );
    await server.opened.asOwner(`update store.head set position = ${TICKETS}`);
  });
  afterAll(() => server.close());

  test('is read page by page in bounded memory and bounded size', { timeout: 2 * LIMIT_MS }, async () => {
    const [startMs, startHeap] = [performance.now(), process.memoryUsage().heapUsed];
    let [bytes, pages, tickets, heap, since] = [0, 0, 0, 0, ''];
    for (let hasMore = true; hasMore; pages += 1) {
      const { headers, body } = await server.call('gate', 'GET', `/gate/bundle${since}`);
      const size = Number(headers['content-length']);
      expect(size).toBeLessThan(PAGE_LIMIT_BYTES);
      bytes += size;
      tickets += (body['tickets'] as unknown[]).length;
      heap = Math.max(heap, process.memoryUsage().heapUsed - startHeap);
      since = `?since=${String(body['next_since'])}`;
      hasMore = body['has_more'] === true;
    }
    const tookMs = performance.now() - startMs;
    process.stderr.write(
      `bundle of ${tickets} tickets: ${pages} pages, ${(bytes / MB).toFixed(1)} MB, ${tookMs.toFixed(0)} ms, heap +${(heap / MB).toFixed(0)} MB\n`,
    );
    expect(tickets).toBe(TICKETS);
    expect(bytes).toBeLessThan(DAY_LIMIT_BYTES);
    expect(heap).toBeLessThan(HEAP_LIMIT_BYTES);
    expect(tookMs).toBeLessThan(LIMIT_MS);
    const again = await server.call('gate', 'GET', `/gate/bundle${since}`);
    expect(again.body).toMatchObject({ tickets: [], has_more: false });
  });
});
