import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../test/support/database.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { createMemorySubjectKeys } from '../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../infrastructure/ids.ts';
import type { Database } from '../infrastructure/postgres/database.ts';
import { createScansOfTickets } from '../modules/admission/persistence/scans-of-tickets.ts';
import { createCredentials } from '../modules/auth/persistence/credentials.ts';
import { createOneTimeCodes } from '../modules/auth/persistence/one-time-codes.ts';
import { createPasswordResets } from '../modules/auth/persistence/password-resets.ts';
import { createPhoneProofs } from '../modules/auth/persistence/phone-proofs.ts';
import { createRoles } from '../modules/auth/persistence/roles.ts';
import { createSessions } from '../modules/auth/persistence/sessions.ts';
import { createGuestCounts } from '../modules/booking/persistence/guest-counts.ts';
import { createPasses } from '../modules/booking/persistence/passes.ts';
import { createWaitlist } from '../modules/booking/persistence/waitlist.ts';
import { createOutbox } from '../modules/notify/persistence/outbox.ts';
import { createPayments } from '../modules/payment/persistence/payments.ts';
import { createRefunds } from '../modules/payment/persistence/refunds.ts';
import { openPlanStage, PLAN_MODES, ROWS, type PlanStage } from './query-plans.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');

/** Accounts after some weeks: most sessions go on, and little changed within the last minutes. */
const FILL = `
  insert into booking.tickets select gen_random_uuid(), gen_random_uuid(), 'park-1', 'single', date '2026-12-05',
      'qr-' || n, 'active', 350, '[]', '[]', 0, 2, 2, now(), now(), null, now(), now(), null, null, 350
    from generate_series(1, ${ROWS}) n;
  insert into payment.payments (id, ticket_id, user_id, amount, method, status, provider_key, created_at, expires_at)
    select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 350, 'elqr', 'succeeded', gen_random_uuid(), now(), now()
    from generate_series(1, ${ROWS}) n;
  insert into payment.refunds select gen_random_uuid(), gen_random_uuid(), 350, 'day_over', 'succeeded', now(), 'park-1'
    from generate_series(1, ${ROWS}) n;
  insert into admission.scans (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at)
    select gen_random_uuid(), gen_random_uuid(), 'park-1', 'admitted', 2, 0, 'main', 'system', now() from generate_series(1, ${ROWS});
  insert into booking.pass_visits select gen_random_uuid(), gen_random_uuid(), date '2026-12-05' from generate_series(1, ${ROWS});
  insert into booking.passes (id, user_id, park_ids, valid_from, valid_to, people, price, payment_reference, issued_at)
    select gen_random_uuid(), gen_random_uuid(), '{park-1}', date '2026-12-01', date '2026-12-31', 2, 100, 'r', now() from generate_series(1, ${ROWS});
  insert into booking.waitlist (id, user_id, park_id, visit_date, places, adults, children, status, joined_at, turn)
    select gen_random_uuid(), gen_random_uuid(), 'park-1', date '2026-12-05' + n % 30, 2, 1, '[]', 'waiting', now(), n from generate_series(1, ${ROWS}) n;
  insert into notify.message select gen_random_uuid(), gen_random_uuid(), 'ticket_paid', 'sms', '', now() from generate_series(1, ${ROWS});
  insert into auth.credential select gen_random_uuid(), 'hash', now(), now() from generate_series(1, ${ROWS});
  insert into auth.session select gen_random_uuid(), gen_random_uuid(), timestamptz '2026-12-05T06:00Z' - n * interval '1 minute',
      timestamptz '2027-03-05T06:00Z' - n * interval '1 minute', 1, timestamptz '2026-12-05T06:00Z' - n * interval '1 minute', null,
      case when n % 5 = 0 then timestamptz '2026-12-05T06:00Z' - n * interval '1 minute' end, case when n % 5 = 0 then 'logout' end
    from generate_series(1, ${ROWS}) n;
  insert into auth.refresh_token select sha256(id::text::bytea), id, 1 from auth.session;
  insert into auth.role_grants select gen_random_uuid(), 'gate', 'park-1', now() from generate_series(1, ${ROWS});
  insert into auth.role_changes select gen_random_uuid(), timestamptz '2026-12-05T06:00Z' - n * interval '1 minute' from generate_series(1, ${ROWS}) n;
  insert into auth.role_note select gen_random_uuid(), timestamptz '2026-12-05T06:00Z' - n * interval '1 minute' from generate_series(1, ${ROWS}) n;
  insert into auth.verified_phones select gen_random_uuid(), now() from generate_series(1, ${ROWS});
  insert into auth.password_reset select sha256(n::text::bytea), gen_random_uuid(), timestamptz '2026-12-05T05:59Z' + n * interval '1 second'
    from generate_series(1, ${ROWS}) n;
  insert into auth.one_time_code select 'phone-' || n, 'login', '', '', timestamptz '2026-12-05T05:59Z' + n * interval '1 second', 0, gen_random_uuid()
    from generate_series(1, ${ROWS}) n;
`;

describeWithDatabase(`plans of what is asked about one account, on tables of ${ROWS} rows`, () => {
  let stage: PlanStage;
  let watched: Database;

  beforeAll(async () => {
    stage = await openPlanStage(FILL);
    watched = stage.watched;
  });
  afterAll(() => stage?.close());

  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });

  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    'what a guest has': async () => {
      const counts = createGuestCounts(watched);
      await counts.ticketIds(ids.next());
      await counts.tickets(ids.next());
      await counts.hasVisits(ids.next());
      await createPasses(watched, vault).ofUser(ids.next(), { parkIds: null, before: null, limit: 20 });
      await createWaitlist(watched, vault).heldOf(ids.next(), '2026-12-05', null, 20);
      const some = Array.from({ length: 200 }, () => ids.next());
      await createPayments(watched).ofTickets(some);
      await createPayments(watched).hasAnyOf(some);
      await createRefunds(watched, vault).ofPayments(some);
      await createScansOfTickets(watched)(some);
      await createOutbox(watched, vault, createManualClock(NOW_MS)).ofUser(ids.next(), null, 20);
      await createOutbox(watched, vault, createManualClock(NOW_MS)).ofUser(ids.next(), ids.next(), 20);
    },
    'passwords and codes': async () => {
      const token = new Uint8Array(32);
      await createCredentials(watched).passwordHash(ids.next());
      await createCredentials(watched).replace({ userId: ids.next(), passwordHash: 'x', nowMs: NOW_MS }, 'y');
      await createCredentials(watched).remove(ids.next());
      const resets = createPasswordResets(watched);
      await resets.ownerOf(token, NOW_MS);
      await resets.use(token, 'x', NOW_MS);
      await resets.removeOf(ids.next());
      await resets.forget(NOW_MS);
      const codes = createOneTimeCodes(watched);
      await codes.change({ phoneIndex: 'phone-7', purpose: 'login' }, () => 'count_wrong_try');
      await codes.change({ phoneIndex: 'phone-8', purpose: 'login' }, () => 'use_up');
      await codes.removeOf(ids.next());
      await codes.forget(NOW_MS);
      await createPhoneProofs(watched).has(ids.next());
    },
    'sessions of an account': async () => {
      const sessions = createSessions(watched);
      const [sessionId, userId] = [ids.next(), ids.next()];
      await sessions.change(new Uint8Array(32), () => ({ change: { kind: 'keep' } }));
      await sessions.revoke(sessionId, 'logout', NOW_MS);
      await sessions.revokeOwn({ sessionId, userId }, 'logout', NOW_MS);
      await sessions.revokeAll(userId, 'logout_all', NOW_MS, sessionId);
      await sessions.close(userId, NOW_MS);
      const page = { userId, nowMs: NOW_MS, refreshedAfterMs: NOW_MS, before: ids.next(), limit: 20 };
      await sessions.live(page);
      await sessions.live({ ...page, before: null });
      await sessions.hasOthersOf({ sessionId, userId, userAgent: 'Firefox' });
      await sessions.keptOf(userId, null, 20);
      await sessions.keptOf(userId, sessionId, 20);
    },
    'roles, and what is news to tokens': async () => {
      await createSessions(watched).revokedSince(NOW_MS - 720_000);
      const roles = createRoles(watched);
      await roles.of(ids.next());
      await roles.changedSince(NOW_MS - 720_000);
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
