import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../test/support/database.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { createMemoryEventStore } from '../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { createPostgresIdempotencyStore } from '../infrastructure/idempotency/postgres-idempotency.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import type { Database } from '../infrastructure/postgres/database.ts';
import { addDays } from '../kernel/time.ts';
import { createAdmissions } from '../modules/admission/persistence/admissions.ts';
import { createDevices } from '../modules/admission/persistence/devices.ts';
import { createGateDays } from '../modules/admission/persistence/gate-days.ts';
import { createIncidents } from '../modules/admission/persistence/incidents.ts';
import { createDayClosings } from '../modules/booking/persistence/day-closings.ts';
import { createExpiredHolds, createOverdueHolds, createPlacesOfDays } from '../modules/booking/persistence/holds.ts';
import { createListTickets } from '../modules/booking/persistence/list-tickets.ts';
import { createTickets } from '../modules/booking/persistence/tickets.ts';
import { createAccounts } from '../modules/loyalty/persistence/accounts.ts';
import { createDaySources } from '../modules/park/persistence/calendar.ts';
import { createParkCatalogue } from '../modules/park/persistence/parks.ts';
import { createListPayments, createPaymentsInDoubt } from '../modules/payment/persistence/list-payments.ts';
import { createPayments } from '../modules/payment/persistence/payments.ts';
import { createRefunds } from '../modules/payment/persistence/refunds.ts';
import { createWaitingCashRefunds } from '../modules/payment/persistence/list-cash-refunds.ts';
import { createShifts } from '../modules/payment/persistence/shifts.ts';
import { createWebhookInbox } from '../modules/payment/persistence/webhook-inbox.ts';
import { openPlanStage, PLAN_MODES, ROWS, type PlanStage } from './query-plans.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');

/** A chain after some weeks: what is open or unpaid is a small part of what there is. */
const FILL = `
  insert into booking.tickets select gen_random_uuid(), gen_random_uuid(), 'park-' || n % 5, 'single', date '2026-12-01' + n % 90,
      'qr-' || n, case when n % 50 = 0 then 'pending_payment' else 'active' end, 350, '[]', '[]', 0, 2, 2, now(),
      timestamptz '2026-12-05T05:00Z' + n * interval '1 second', null, now(), now(), null, null, 350
    from generate_series(1, ${ROWS}) n;
  insert into booking.early_admissions select gen_random_uuid(), 'park', now(), 1, 1 from generate_series(1, ${ROWS});
  insert into booking.pass_visits select gen_random_uuid(), gen_random_uuid(), date '2026-12-05' from generate_series(1, ${ROWS});
  insert into booking.day_closings select 'park-' || n % 5, date '2000-01-01' + n / 5, gen_random_uuid(), null, now() from generate_series(1, ${ROWS}) n;
  insert into payment.payments (id, ticket_id, user_id, park_id, amount, method, status, provider_key, created_at, expires_at)
    select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'park-' || n % 5, 350, 'elqr',
      case when n % 500 = 1 then 'unknown' when n % 50 = 0 then 'pending' when n % 7 = 0 then 'failed' else 'succeeded' end,
      gen_random_uuid(), timestamptz '2026-11-05T05:00Z' + n * interval '1 minute', timestamptz '2026-11-05T05:15Z' + n * interval '1 minute'
    from generate_series(1, ${ROWS}) n;
  insert into payment.refunds select gen_random_uuid(), gen_random_uuid(), 350, 'day_over', case when n % 50 = 0 then 'manual' else 'succeeded' end,
      timestamptz '2026-11-05T05:00Z' + n * interval '1 minute', 'park-' || n % 5 from generate_series(1, ${ROWS}) n;
  insert into payment.shifts select gen_random_uuid(), 'park-' || n % 5, gen_random_uuid(), 1000, 700, 350, 1350,
      timestamptz '2026-11-05T05:00Z' + n * interval '1 minute', timestamptz '2026-11-05T13:00Z' + n * interval '1 minute' from generate_series(1, ${ROWS}) n;
  insert into payment.webhook_inbox (provider, event_id, received_at, raw_body, notice, applied_at)
    select 'elqr', 'event-' || n, now(), '', '{}', case when n % 500 = 0 then null else now() end from generate_series(1, ${ROWS}) n;
  insert into park.parks select 'park-' || n, '{}', '{}', 300, 150, 350, 0, 10, '10:00', '21:00', 'Asia/Bishkek', 42, 74, '[]', '[]', 1
    from generate_series(1, ${ROWS}) n;
  insert into ledger.first_admissions select gen_random_uuid(), n from generate_series(1, ${ROWS}) n;
  set search_path = ledger;
  insert into ledger.entries select n / 2, n % 2, case when n % 2 = 0 then 'received' else 'deferred_revenue' end,
      case when n % 2 = 0 then 35000 else -35000 end, date '2026-12-01' + n % 90, 'park-' || n % 5, 'TicketActivated',
      gen_random_uuid(), gen_random_uuid(), null, null, case when n % 3 = 0 then 'reference-' || n end, date '2026-12-01'
    from generate_series(2, ${ROWS} + 1) n;
  reset search_path;
  insert into ledger.totals select 'park-' || n % 5, 'account-' || n % 10, date '2012-12-01' + n / 10, date '2012-12-01' + n / 10, 35000, 35000
    from generate_series(1, ${ROWS}) n;
  insert into loyalty.accounts (user_id, points, issued, version) select gen_random_uuid(), 70, 70, 1 from generate_series(1, ${ROWS});
  insert into loyalty.lots select gen_random_uuid(), timestamptz '2026-12-05T05:00Z' + n * interval '1 minute', 70 from generate_series(1, ${ROWS}) n;
  insert into loyalty.movements select n, gen_random_uuid(), case when n % 5 = 0 then 'reserved' else 'earned' end, 70, gen_random_uuid(), now(), now(), 0, now()
    from generate_series(1, ${ROWS}) n;
  insert into park.calendar select 'park-' || n % 50, date '2026-12-01' + n / 50, null, 1 from generate_series(1, ${ROWS}) n;
  insert into park.holidays select date '1950-01-01' + n, '{}', 'fixed', 'law', 1 from generate_series(1, ${ROWS}) n;
  insert into http.idempotency select sha256(n::text::bytea), 'f', timestamptz '2026-12-04T06:00Z' + n * interval '1 second', 201, '{}', '{}'
    from generate_series(1, ${ROWS}) n;
  insert into store.counter select 'capacity/park-' || n || '/2026-12-08/free', 300 from generate_series(1, ${ROWS}) n;
  insert into admission.gate_days select gen_random_uuid(), date '2026-12-01' + n % 90, 'park-' || n % 5, n,
      case when n % 20 = 0 then 'cancelled' end from generate_series(1, ${ROWS}) n;
  insert into admission.incidents (id, ticket_id, park_id, visit_date, place, winner_scan_id, winner_scanned_at, winner_node, winner_gate,
      scan_ids, noticed_at, noticed_position, hlc)
    select gen_random_uuid(), gen_random_uuid(), 'park-' || n % 5, date '2026-12-05', 1, gen_random_uuid(), now(), 'hq', 'main', '{}',
      now(), n, 1 from generate_series(1, ${ROWS}) n;
  insert into admission.devices select gen_random_uuid(), 'park-' || n % 5, null, 'invited', 'code-' || n, 'hash-' || n, now(), now()
    from generate_series(1, ${ROWS}) n;
  insert into admission.refused_scans select gen_random_uuid(), null, 'unknown', 0, timestamptz '2026-11-05T05:00Z' + n * interval '1 minute'
    from generate_series(1, ${ROWS}) n;
  insert into admission.scans (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at)
    select gen_random_uuid(), gen_random_uuid(), 'park-1', 'admitted', 2, 0, 'main', 'system', now() from generate_series(1, ${ROWS});
  insert into admission.admissions select gen_random_uuid(), 'park-1', date '2026-12-05', 4, 2, 2, now(), gen_random_uuid(), now(), 1
    from generate_series(1, ${ROWS});
  insert into admission.voids select gen_random_uuid(), 'park-1', date '2026-12-05', 'guest', false, 0, now() from generate_series(1, ${ROWS});
  set skypark.appending = 'yes';
  insert into store.event (position, id, aggregate_id, aggregate_type, event_type, event_data, event_version, created_at, occurred_at,
      node_id, incarnation, seq, hlc, payload_hash, link, correlation_id, append_size, actor, schema_version)
    select n, gen_random_uuid(), gen_random_uuid(), 'Test', 'TestHappened', '{}', 1, now(), now(), 'hq', gen_random_uuid(), n, n, '', '',
      'test', 1, 'system', 1
    from generate_series(1, ${ROWS}) n;
  reset skypark.appending;
`;

describeWithDatabase(`plans on tables of ${ROWS} rows`, () => {
  let stage: PlanStage;
  let watched: Database;

  beforeAll(async () => {
    stage = await openPlanStage(FILL);
    watched = stage.watched;
  }, 240_000);
  afterAll(() => stage?.close());

  const clock = createManualClock(NOW_MS);
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const apply = (schema: string, name: string) => async () => {
    const { client } = stage;
    await client.query(`set search_path = ${schema}, store, pg_temp`);
    // As an append does: the range of its own events, at the end of the log.
    await client.query(`select ${schema}.project_${name}(${ROWS - 1}, ${ROWS})`);
    await client.query('reset search_path');
  };

  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    'tickets by id and by code': async () => {
      const tickets = createTickets(watched, vault);
      await Promise.all([tickets.find(ids.next()), tickets.find(ids.next()), tickets.findByQrCode('qr-7')]);
    },
    'tickets of a guest': async () => {
      const any = { status: undefined, parkId: undefined, before: undefined, limit: 20 };
      const { ofUser } = createTickets(watched, vault);
      await ofUser(ids.next(), any);
      await ofUser(ids.next(), { status: 'active', parkId: 'park-1', before: ids.next(), limit: 20 });
    },
    'tickets that staff search': async () => {
      const listTickets = createListTickets(watched, vault);
      const after = { visitDate: '2026-12-20', ticketId: ids.next() };
      for (const parkId of [undefined, 'park-1']) {
        for (const visitDate of [undefined, '2026-12-06']) {
          for (const status of [undefined, 'refunded'] as const) {
            for (const userId of [undefined, ids.next()]) {
              await listTickets({ parkId, visitDate, status, userId }, { after: null, limit: 20 });
              await listTickets({ parkId, visitDate, status, userId }, { after, limit: 20 });
            }
          }
        }
      }
    },
    'overdue holds of a day': () => createExpiredHolds(watched, 'hq')('park-1', '2026-12-06', NOW_MS, 100),
    'overdue holds of all parks': () => createOverdueHolds(watched, 'hq')(NOW_MS, 200),
    'places that remain': () => {
      const dates = Array.from({ length: 30 }, (_, index) => `2026-12-${String(index + 1).padStart(2, '0')}`);
      const place = { database: watched, store: createMemoryEventStore({ clock }), clock, nodeId: 'hq' };
      return createPlacesOfDays({ ...place, role: 'hq', isFenced: async () => false })('park-1', dates);
    },
    'the end of a sold day': async () => {
      const closings = createDayClosings(watched, vault, async () => ['hq']);
      await closings.find('park-1', '2026-12-06', NOW_MS);
      await closings.since('2026-12-05');
      await closings.waiting({ parkId: 'park-1', date: '2026-12-06' }, NOW_MS, null, 200);
      await closings.waiting({ parkId: 'park-1', date: '2026-12-06' }, NOW_MS, ids.next(), 200);
    },
    'the projection of ends of days': apply('booking', 'day_closings'),
    'the projection of tickets': apply('booking', 'tickets'),
    'news for gates': async () => {
      const { news } = createGateDays(watched);
      const query = { parkId: 'park-1', today: '2026-12-05', tomorrow: '2026-12-06', limit: 200 };
      await news({ ...query, after: 0 });
      await news({ ...query, after: ROWS - 100 });
    },
    incidents: async () => {
      const incidents = createIncidents(watched, vault);
      await incidents.find(ids.next());
      for (const parkId of ['park-1', null]) {
        for (const isResolved of [false, null]) {
          await incidents.list({ parkId, isResolved, after: null, limit: 20 });
          await incidents.list({ parkId, isResolved, after: { position: 500, place: 1 }, limit: 20 });
        }
      }
    },
    'gate devices': async () => {
      const devices = createDevices(watched);
      await devices.find(ids.next());
      await devices.byCodeHash('code-7');
      await devices.byCredentialHash('hash-7');
      for (const parkId of ['park-1', null]) {
        await devices.list({ parkId, after: null, limit: 20 });
        await devices.list({ parkId, after: ids.next(), limit: 20 });
      }
    },
    'admissions and answers of scans': async () => {
      const admissions = createAdmissions(watched, 'hq');
      await admissions.find(ids.next());
      await admissions.findScan(ids.next());
    },
    'the projections of gates': async () => {
      await apply('admission', 'admissions')();
      await apply('admission', 'gate_days')();
      await apply('admission', 'incidents')();
      await apply('admission', 'devices')();
    },
    'a payment': async () => {
      const payments = createPayments(watched);
      await payments.find(ids.next());
      await payments.idByProviderKey(ids.next());
      await payments.ofTicket(ids.next());
      await payments.openOfTicket(ids.next(), 'elqr', NOW_MS);
    },
    'payments that staff look for': async () => {
      await createPaymentsInDoubt(watched)([ids.next()]);
      const listPayments = createListPayments(watched);
      const any = { status: undefined, parkId: undefined, method: undefined, ticketId: undefined };
      const filters = [{}, { parkId: 'new' }, { method: 'cash' }, { ticketId: ids.next() }] as const;
      for (const status of [undefined, 'unknown', 'refunded'] as const) {
        for (const filter of filters) {
          await listPayments({ ...any, status, ...filter }, null, 20);
          await listPayments({ ...any, status, ...filter }, ids.next(), 20);
        }
      }
    },
    'unsettled payments': async () => {
      const { unsettled } = createPayments(watched);
      const page = await unsettled(null, 200, []);
      await unsettled(page.at(-1) ?? null, 200, []);
    },
    'unpaid payments': async () => {
      const { unpaid } = createPayments(watched);
      const page = await unpaid(NOW_MS - 72 * 3_600_000, null, 200);
      await unpaid(NOW_MS - 72 * 3_600_000, page.at(-1) ?? null, 200);
    },
    refunds: async () => {
      const refunds = createRefunds(watched, vault);
      await refunds.find(ids.next());
      await refunds.ofPayment(ids.next());
      await refunds.open(null, 200);
      for (const status of [undefined, 'manual'] as const) {
        for (const parkId of [undefined, 'park-1']) {
          await refunds.list({ status, parkId, before: undefined, limit: 20 });
          await refunds.list({ status, parkId, before: ids.next(), limit: 20 });
        }
      }
      await createWaitingCashRefunds(watched)('park-1', null, 20);
      await createWaitingCashRefunds(watched)('park-1', ids.next(), 20);
    },
    shifts: async () => {
      const shifts = createShifts(watched);
      await shifts.find(ids.next());
      for (const cashierId of [undefined, ids.next()]) {
        await shifts.list({ parkId: 'park-1', cashierId, before: undefined, limit: 20 });
        await shifts.list({ parkId: 'park-1', cashierId, before: ids.next(), limit: 20 });
      }
    },
    'kept webhooks': async () => {
      const inbox = createWebhookInbox(watched);
      const notice = { providerKey: ids.next(), outcome: { kind: 'failed', reason: 'declined' } } as const;
      const words = { rawBody: new Uint8Array(), receivedAtMs: NOW_MS, notice };
      const message = { provider: 'elqr', eventId: ids.next(), ...words };
      await inbox.keep(message);
      await inbox.unapplied(NOW_MS, 200);
      await inbox.postpone(message, NOW_MS);
      await inbox.markApplied(message, 'applied');
      await inbox.forgetApplied(0, 200);
    },
    'the projection of payments': apply('payment', 'payments'),
    'the projection of shifts': apply('payment', 'shifts'),
    'a park': () => createParkCatalogue(watched).find('park-7'),
    'days of a park': async () => {
      const sources = createDaySources(watched);
      const dates = Array.from({ length: 91 }, (_, index) => addDays('2026-12-01', index));
      await Promise.all([sources.find('park-7', '2026-12-05'), sources.range('park-7', dates)]);
    },
    'the projection of parks': apply('park', 'parks'),
    'points of a guest': async () => {
      const accounts = createAccounts(watched);
      await accounts.find(ids.next(), NOW_MS, NOW_MS);
      await accounts.movements(ids.next(), null, 20);
      await accounts.spenderOn(ids.next());
    },
    'points past their time': () => createAccounts(watched).withOverdueLots(NOW_MS, 200),
    'the projection of points': apply('loyalty', 'accounts'),
    'the projection of the ledger': async () => {
      await apply('ledger', 'entries')();
      // It does not ask further where no money moved.
      const { client } = stage;
      await client.query('set search_path = ledger, store, pg_temp');
      await client.query(`select ledger.book_money(${ROWS - 1}, ${ROWS}), ledger.book_visits(${ROWS - 1}, ${ROWS})`);
      await client.query('reset search_path');
    },
    'the projection of calendars': apply('park', 'calendar'),
    'the projection of holidays': apply('park', 'holidays'),
    'idempotency keys': async () => {
      const store = createPostgresIdempotencyStore(watched, vault);
      const scope = { principalId: ids.next(), route: 'POST /api/v1/tickets', key: ids.next() };
      await store.begin({ scope, fingerprint: 'f', nowMs: NOW_MS });
      await store.complete(scope, { status: 201, body: '{}', headers: {} });
      await store.release(scope);
      await store.sweep(NOW_MS);
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
