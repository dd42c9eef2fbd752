import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../test/support/database.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { createMemoryEventStore } from '../infrastructure/event-store/memory-store.ts';
import { openPostgresEventStore, type PostgresEventStore } from '../infrastructure/event-store/postgres-store.ts';
import { createMemorySubjectKeys } from '../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import type { Database } from '../infrastructure/postgres/database.ts';
import { createUnusedTickets } from '../modules/booking/persistence/holds.ts';
import { createPromoCodes } from '../modules/booking/persistence/promo-codes.ts';
import { createOutbox } from '../modules/notify/persistence/outbox.ts';
import { createEventsOfAggregate } from '../modules/office/application/events-of-aggregate.ts';
import { createAuditTrail } from '../modules/office/persistence/audit.ts';
import { createDeliveries } from '../modules/office/persistence/deliveries.ts';
import { createDifferences } from '../modules/ledger/persistence/differences.ts';
import { createLedger } from '../modules/ledger/persistence/entries.ts';
import { createStatements } from '../modules/ledger/persistence/statements.ts';
import type { ReadLine } from '../modules/ledger/domain/statement-line.ts';
import { createReports } from '../modules/office/persistence/reports.ts';
import { openPlanStage, PLAN_MODES, ROWS, type PlanStage } from './query-plans.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');

/** Head office after some weeks: little of what was sent, sold or done is still to do. */
const FILL = `
  insert into booking.tickets select gen_random_uuid(), gen_random_uuid(), 'park-' || n % 5, 'single', date '2026-12-01' + n % 90,
      'qr-' || n, case when n % 3 = 0 then 'active' else 'used' end, 350, '[]', '[]', 0, 2, 2, now(), now(), null, now(),
      timestamptz '2026-12-05T05:00Z' + n * interval '1 minute', null, null, 350
    from generate_series(1, ${ROWS}) n;
  insert into booking.promo_codes select gen_random_uuid(), 'CODE' || n, '{}', 1 from generate_series(1, ${ROWS}) n;
  insert into office.webhook_delivery (id, endpoint_id, message_id, topic, body, created_at, next_try_at)
    select gen_random_uuid(), md5((n % 20)::text)::uuid, gen_random_uuid(), 'payment.succeeded', '{}',
      timestamptz '2026-11-05T06:00Z' + n * interval '1 minute', case when n % 50 = 0 then timestamptz '2026-12-05T05:00Z' end
    from generate_series(1, ${ROWS}) n;
  insert into notify.message (id, user_id, kind, channel, letter, created_at, next_try_at)
    select gen_random_uuid(), gen_random_uuid(), 'ticket_paid', case when n % 3 = 0 then 'email' else 'sms' end, 'LETTER',
      timestamptz '2026-11-05T06:00Z' + n * interval '1 minute', case when n % 50 = 0 then timestamptz '2026-12-05T05:00Z' end
    from generate_series(1, ${ROWS}) n;
  insert into office.audit select n, timestamptz '2026-11-05T06:00Z' + n * interval '1 minute', 'user:' || n % 500, 'ParkEdited', 'Park',
      md5((n % 900)::text)::uuid, 'park-' || n % 5, 'c', '{}' from generate_series(1, ${ROWS}) n;
  insert into office.report_facts (position, kind, day, at, park_id)
    select n, case when n % 2 = 0 then 'sold' else 'paid' end, date '2025-12-05' + n % 500, now(), 'park-' || n % 5
    from generate_series(1, ${ROWS}) n;
  insert into ledger.statements (id, method, from_day, to_day, file_sha256, imported_at)
    select md5(n::text)::uuid, 'elqr', date '2020-01-01' + n, date '2020-01-01' + n, sha256(n::text::bytea), now() from generate_series(0, 4999) n;
  insert into ledger.statement_lines select md5((n % 5000)::text)::uuid, n, 'reference-' || n, 35000, null, '2026-12-01'
    from generate_series(1, ${ROWS}) n;
  insert into ledger.statement_sums select md5((n % 5000)::text)::uuid, 'fee', 'park-1', date '2026-12-01' + n / 5000, 525
    from generate_series(1, ${ROWS}) n;
  insert into ledger.statement_faults select md5((n % 5000)::text)::uuid, n, 'a fault' from generate_series(1, ${ROWS}) n;
  set search_path = ledger;
  insert into ledger.entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type, payment_id, reference)
    select n / 2, n % 2, case when n % 2 = 0 then 'clearing:elqr' else 'received' end, case when n % 2 = 0 then 35000 else -35000 end,
      date '2026-12-01' + n % 500, date '2026-12-01', 'park-' || n % 5, 'PaymentSucceeded', gen_random_uuid(), case when n % 2 = 0 then 'reference-' || n end
    from generate_series(2, ${ROWS} + 1) n;
  reset search_path;
  insert into ledger.totals select 'park-' || n % 50, 'account-' || n / 50 % 10, date '2026-01-01' + n / 500, date '2026-01-01' + n / 500, 1, 1
    from generate_series(1, ${ROWS}) n;
  insert into ledger.differences (id, statement_id, number, verdict, reference)
    select gen_random_uuid(), md5((n % 5000)::text)::uuid, n, 'missing_here', 'reference-' || n from generate_series(1, ${ROWS}) n;
  insert into ledger.resolutions select id, 'timing', null, 'user:1', now() from ledger.differences where number % 5 <> 0;
  set skypark.appending = 'yes';
  insert into store.event (position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at,
      node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, append_size, actor, schema_version)
    select n, gen_random_uuid(), gen_random_uuid(), 'Test', 'TestHappened', '{}', 1, now(), now(), 'hq', gen_random_uuid(), n, n, '', '',
      'test', 1, 'system', 1
    from generate_series(1, ${ROWS}) n;
  reset skypark.appending;
`;

describeWithDatabase(`plans of head office on tables of ${ROWS} rows`, () => {
  const clock = createManualClock(NOW_MS);
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  let stage: PlanStage;
  let watched: Database;

  let store: PostgresEventStore;
  beforeAll(async () => {
    const letter = await vault.seal(ids.next(), '{}');
    stage = await openPlanStage(FILL.replace('LETTER', letter ?? ''));
    watched = stage.watched;
    store = await openPostgresEventStore({ writer: watched, reader: watched, nodeId: 'hq', clock, sleep });
  });
  afterAll(() => stage?.close());

  const ENDPOINT = 'cfcd2084-95d5-65ef-66e7-dff9f98764da';

  /** One look for what is due, of which nothing is tried; what is found is due again afterwards. */
  async function lookFor(work: (stopping: AbortSignal, done: () => Promise<void>) => Promise<number>): Promise<void> {
    const stopping = new AbortController();
    const tried = await work(stopping.signal, async () => stopping.abort());
    expect(tried).toBeGreaterThan(0);
    clock.advance(61_000);
  }

  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    'messages to other systems': async () => {
      const deliveries = createDeliveries(watched, clock);
      await lookFor((stopping, done) => deliveries.workOff(stopping, done));
      await deliveries.record(ids.next(), { kind: 'delivered', status: 204, error: null, atMs: NOW_MS });
      await deliveries.ofEndpoint(ENDPOINT, null, 20);
      await deliveries.ofEndpoint(ENDPOINT, ids.next(), 20);
      await deliveries.retry(ENDPOINT, ids.next(), NOW_MS);
      await deliveries.forget(NOW_MS - 31 * 86_400_000);
    },
    'messages to guests': async () => {
      const outbox = createOutbox(watched, vault, clock);
      await lookFor((stopping, done) => outbox.workOff(stopping, done));
      await outbox.record(ids.next(), { kind: 'sent' }, NOW_MS);
      await outbox.forget(NOW_MS - 31 * 86_400_000);
    },
    'promo codes': async () => {
      const codes = createPromoCodes(watched, createMemoryEventStore({ clock }));
      await codes.findByCode('nothing');
      await codes.find(ids.next());
    },
    'days with tickets that nobody used': () => createUnusedTickets(watched, async () => ['hq']).days(NOW_MS),
    'tickets that nobody used': () =>
      createUnusedTickets(watched, async () => ['hq']).of([{ parkId: 'park-1', date: '2026-12-04' }], NOW_MS, 200),
    'the audit trail': async () => {
      const trail = createAuditTrail(watched);
      const any = {
        actor: undefined,
        action: undefined,
        aggregateId: undefined,
        fromMs: undefined,
        untilMs: undefined,
      };
      const page = { ...any, before: null, limit: 20, parkId: null };
      await trail(page);
      await trail({ ...page, actor: 'user:7' });
      await trail({ ...page, action: 'ParkEdited' });
      await trail({ ...page, aggregateId: ids.next() });
      await trail({ ...page, parkId: 'park-1', before: 700 });
      await trail({ ...page, parkId: 'park-1', fromMs: NOW_MS - 86_400_000, untilMs: NOW_MS });
      // A day long ago is found by its time: the newest entries are far from it.
      await trail({ ...page, fromMs: NOW_MS - 30 * 86_400_000, untilMs: NOW_MS - 29 * 86_400_000 });
    },
    'events of an aggregate': async () => {
      await createEventsOfAggregate(store)(ids.next(), 0, 20);
    },
    'differences of statements': async () => {
      const differences = createDifferences(watched, vault);
      const all = { open: true, parkId: null, statementId: null, verdict: null, before: null, limit: 20 };
      await differences.list(all);
      await differences.list({ ...all, before: 700 });
      await differences.list({ ...all, statementId: ids.next() });
      await differences.find(ids.next());
    },
    'a statement of a day': async () => {
      const head = { method: 'elqr', parkId: null, from: '2026-12-03', to: '2026-12-03', feeBasisPoints: 150 } as const;
      const told = { kind: 'movement', amountTyiyn: 35_000n, feeTyiyn: null, day: '2026-12-03', toldAt: null } as const;
      const read: readonly ReadLine[] = ['reference-8', 'unknown'].map((reference, index) => {
        return { number: index + 2, kind: 'line', line: { ...told, reference } };
      });
      const none = { fee: null, date: null, kind: null, payoutWord: null, refundWord: null };
      const file = { sha256: new Uint8Array([1]), reading: { reference: 'r', amount: 'a', ...none } };
      const statements = createStatements(watched);
      const statementId = ids.next();
      await statements.keep({ ...head, statementId, importedAtMs: NOW_MS }, file, async function* lines() {
        yield read;
      });
      await statements.find(statementId);
      await statements.list({ parkId: null, before: null, limit: 20 });
      await statements.list({ parkId: 'park-1', before: ids.next(), limit: 20 });
      await statements.sums(statementId);
      for await (const some of statements.differing(statementId)) expect(some).toEqual([]);
      await statements.forget(statementId);
    },
    'the books of a park': async () => {
      await createLedger(watched).trialBalance({ from: '2027-01-01', to: '2027-01-31', parkId: 'park-1' });
    },
    'reports of a week': async () => {
      const reports = createReports(watched);
      const scope = { from: '2026-12-01', to: '2026-12-07', parkId: 'park-1' };
      await reports.sales(scope);
      await reports.admissions(scope);
      await reports.occupancy(scope);
      await reports.payments(scope);
      await reports.loyalty({ ...scope, parkId: null });
    },
  };

  describe.each(PLAN_MODES)('%s', (mode) => {
    test.each(Object.entries(questions))('%s: no table is read from end to end', async (_name, ask) => {
      const { statements, scans } = await stage.plansOf(mode, ask);
      expect(statements).toBeGreaterThan(0);
      expect(scans).toEqual([]);
    });
  });
});
