import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import {
  createCleanUp,
  localSettings,
  startTestApi,
  temporaryDataDir,
  type TestApi,
} from '../../../test/support/product.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createSubjectKeyTable } from '../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { connectDatabase, type Database } from '../../infrastructure/postgres/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { loadSecrets } from '../secrets.ts';
import { manifests } from '../migration-sources.ts';

const NOON_MS = Date.parse('2026-12-01T06:00:00Z');
const PASSWORD = 'a horse of Naryn';

/** Where the export shows what a table holds about a guest, by the name of the part; `-` and the reason where it does not. */
const TABLES: Readonly<Record<string, string>> = {
  'admission.admissions': 'scans',
  'admission.catching_up': '- of the log',
  'admission.device_entries': '- scans by their ids, as devices of gates numbered them',
  'admission.device_forks': '- scans by their ids, as a device of a gate told them beside its log',
  'admission.devices': '- devices of gates',
  'admission.gate_cards': '- at parks: first names for gates, under keys of their own, kept for a week',
  'admission.gate_days': '- which tickets gates have to know, by their ids',
  'admission.incidents': 'scans',
  'admission.refused_scans': '- scans that let nobody pass before such were events, by ids',
  'admission.scans': 'scans',
  'admission.voids': 'tickets',
  'auth.credential': '- a secret: the hash of a password',
  'auth.factor_challenge': '- a secret: hashes of tokens, kept for an hour',
  'auth.one_time_code': '- a secret: hashes of a number and a code, kept for an hour',
  'auth.passkey': '- what a passkey is known by, sealed; its owner sees their names in the account',
  'auth.passkey_challenge': '- what passkeys have to sign, kept for an hour',
  'auth.password_reset': '- a secret: the hash of a token, kept for an hour',
  'auth.recovery_code': '- a secret: hashes of codes',
  'auth.refresh_token': '- a secret: hashes of tokens',
  'auth.role_changes': 'roles',
  'auth.role_note': 'roles',
  'auth.role_grants': 'roles',
  'auth.session': 'sessions',
  'auth.staff_cards': '- at parks: staff of theirs, sealed',
  'auth.staff_list': '- at parks: when headquarters was heard of',
  'auth.token_mark': '- when any token was issued last',
  'auth.totp_factor': '- a secret: what an authenticator app has, sealed',
  'auth.verified_phones': 'profile',
  'booking.day_closings': '- of parks',
  'booking.early_admissions': '- when ticket ids that are not known yet were let in',
  'booking.pass_visits': 'tickets',
  'booking.passes': 'passes',
  'booking.promo_codes': '- of the chain',
  'booking.tickets': 'tickets',
  'booking.waitlist': 'waitlist',
  'fiscal.issued': '- receipts for the tax service, which name no buyer, by ids of tickets and payments',
  'fiscal.receipt': '- what registers are asked for, by ids of tickets and payments',
  'fiscal.shift': '- of registers',
  'fiscal.start': '- of the log',
  'http.idempotency': '- copies of answers, under hashes, kept for a day',
  'ledger.differences': '- statements of providers against the books, by ids of payments',
  'ledger.entries': '- sums in the books, by ids of tickets and payments',
  'ledger.first_admissions': '- when money was earned, by ids of tickets',
  'ledger.last_check': '- what the check of the books found, by ids of payments',
  'ledger.resolutions': '- what staff did',
  'ledger.statement_faults': '- lines of statements that could not be read',
  'ledger.statement_lines': '- statements of providers, by their references',
  'ledger.statement_sums': '- sums of statements',
  'ledger.statements': '- statements of providers',
  'ledger.totals': '- sums of the books',
  'loyalty.accounts': 'points',
  'loyalty.figures': '- of the chain',
  'loyalty.lots': 'points',
  'loyalty.movements': 'points',
  'loyalty.tiers': '- of the chain',
  'nodes.admission_keys': '- public keys',
  'nodes.contact': '- what nodes told of themselves',
  'nodes.enrolment': '- of this node',
  'nodes.incarnations': '- of the logs of nodes',
  'nodes.node_keys': '- public keys',
  'nodes.nodes': '- nodes of parks',
  'nodes.park_homes': '- of parks',
  'nodes.voice': '- which processes of nodes were heard',
  'notify.message': 'messages',
  'office.audit': '- what staff did',
  'office.report_facts': '- sums without names',
  'office.report_payments': '- methods of payments, by their ids',
  'office.report_tickets': '- parks of tickets, by their ids',
  'office.webhook_delivery': '- facts told to other systems, by ids',
  'office.webhook_endpoints': '- addresses of other systems',
  'park.calendar': '- of parks',
  'park.holidays': '- of the chain',
  'park.parks': '- of parks',
  'payment.payments': 'payments',
  'payment.refunds': 'refunds',
  'payment.shifts': '- tills of staff',
  'payment.webhook_inbox': '- messages of providers, by keys of ours',
  'public.schema_migration': '- of the database',
  'store.author': '- how much of each log is held',
  'store.backup': '- when backups succeeded',
  'store.claim': '- the hash of the number in the profile',
  'store.counter': '- of parks',
  'store.event': 'history',
  'store.head': '- of the log',
  'store.parked_event': '- of the log',
  'store.peer': '- how far nodes have read each other',
  'store.projection': '- of the log',
  'store.quarantined_segment': '- what a node sent and was not stored; personal fields are ciphertext',
  'store.segment': '- signatures of parts of the log',
  'store.subject_key': '- a secret: the key of all that is sealed',
  'store.subscription': '- of the log',
  'store.voided_flush': '- of the log',
  'users.children': 'children',
  'users.consents': 'consents',
  'users.users': 'profile',
};

/** The same for personal fields of events, by their types. */
const EVENTS: Readonly<Record<string, string>> = {
  ChildAdded: 'history',
  ChildChanged: 'history',
  ChildPhotoRemoved: 'history',
  ChildPhotoStored: 'history',
  DayClosingStarted: '- why a park closed',
  DifferenceResolved: '- what staff wrote about a line of a statement',
  EntryLimitOverridden: '- why staff let more people in',
  IncidentResolved: '- what staff wrote about two scans of one ticket',
  KeptSegmentSettled: '- of the log',
  ParkedEventSettled: '- of the log',
  PassCancelled: 'passes',
  ProfileChanged: 'history',
  RefundRequested: 'refunds',
  TicketActivated: 'tickets',
  TicketCancelled: 'tickets',
  TicketHeld: 'tickets',
  TicketMoved: 'tickets',
  VoidAsked: '- the reason of a cancellation under way; it is with the ticket once the gates have answered',
  TicketMoveHeld: 'tickets',
  TicketMoveUndone: 'tickets',
  TicketSaleRemembered: 'tickets',
  UserRegistered: 'history',
  WaitlistJoined: 'waitlist',
  WebhookEndpointAdded: '- addresses of other systems',
  WebhookEndpointChanged: '- addresses of other systems',
  WebhookSecretReplaced: '- addresses of other systems',
};

const NAMES = statement(
  'test.table-names',
  `select schemaname || '.' || tablename as name from pg_tables
   where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
);

const TICKET = statement(
  'test.ticket',
  `insert into booking.tickets (id, user_id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data,
     adults, places, remaining, created_at, expires_at, valid_from, valid_until, paid)
   values (gen_random_uuid(), $1, 'naryn', 'single', date '2026-12-05', gen_random_uuid()::text, $2, $3::integer, '[]', '[]',
     1, 2, 2, now(), now(), now(), now(), $4::integer)`,
);
const PAYMENT = statement(
  'test.payment',
  `insert into payment.payments (id, ticket_id, user_id, amount, method, status, provider_key, created_at, expires_at)
   values (gen_random_uuid(), $1, $2, 350, 'elqr', 'failed', gen_random_uuid(), now(), now())`,
);

/** One row of everything that can only come about over days. */
const FILL = (userId: string, name: string, age: string) => `
  with ticket as (
    insert into booking.tickets select gen_random_uuid(), '${userId}', 'naryn', 'single', date '2026-12-05', 'qr-7', 'active', 350, '[]', '[]',
        2, 2, 2, now(), now(), null, now(), now(), null, null, 350 returning id
  ), payment as (
    insert into payment.payments (id, ticket_id, user_id, amount, method, status, provider_key, created_at, expires_at)
      select gen_random_uuid(), id, '${userId}', 350, 'elqr', 'succeeded', gen_random_uuid(), now(), now() from ticket returning id
  ), refund as (
    insert into payment.refunds select gen_random_uuid(), id, 350, 'day_over', 'succeeded', now(), 'naryn' from payment
  )
  insert into admission.scans (scan_id, ticket_id, park_id, outcome, people, remaining, gate, actor, scanned_at)
    select gen_random_uuid(), id, 'naryn', 'admitted', 2, 0, 'main', 'user:somebody-of-the-staff', now() from ticket;
  insert into booking.passes (id, user_id, park_ids, valid_from, valid_to, people, price, payment_reference, issued_at)
    select gen_random_uuid(), '${userId}', '{naryn}', date '2026-12-01', date '2026-12-31', 2, 100, 'receipt', now();
  insert into booking.waitlist (id, user_id, park_id, visit_date, places, adults, children, status, joined_at, turn)
    values (gen_random_uuid(), '${userId}', 'naryn', date '2026-12-05', 2, 1,
      '[{"childId": null, "name": "${name}", "age": "${age}", "birthDate": null}]', 'waiting', now(), 1);
  insert into loyalty.movements select 1, '${userId}', 'earned', 35, gen_random_uuid(), now(), now(), 0, now();
`;

describeWithDatabase('what is held about a guest', () => {
  const { later, run } = createCleanUp();
  let api: TestApi;
  let owner: Database;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    const settings = await localSettings(await temporaryDataDir(later), { DATABASE_URL: database.url });
    api = await startTestApi(settings, createManualClock(NOON_MS), later);
    const connection = { url: database.url, poolSize: 1, applicationName: 'held-test', onError: () => undefined };
    owner = connectDatabase(connection);
    later(() => owner.close());
  });
  afterAll(run);

  test('is in a table that the export shows, or that is named here with the reason why not', async () => {
    const names = (await owner.rows<{ name: string }>(NAMES)).map(({ name }) => name);
    expect(Object.keys(TABLES).toSorted()).toEqual(names.toSorted());
  });

  test('and personal in an event is in the export, or named here with the reason why not', () => {
    const personal = manifests.flatMap(({ events }) => events.filter((event) => 'personal' in event));
    expect(Object.keys(EVENTS).toSorted()).toEqual([...new Set(personal.map(({ type }) => type))].toSorted());
  });

  test.each([
    ['places held and never paid for', 'pending_payment', 350, null, false],
    ['a hold that ended', 'expired', 350, null, false],
    ['a ticket that cost nothing', 'expired', 0, null, true],
    ['a ticket that was paid for', 'active', 350, 350, true],
    ['a ticket whose money went back', 'refunded', 350, 350, true],
  ])('counts as a visit or not: %s', async (_what, status, price, paid, counts) => {
    const userId = ids.next();
    await owner.rows(TICKET, [userId, status, price, paid]);
    const { counts: guest } = api.app.modules.booking.guestRecords;
    expect(await guest.hasVisits(userId)).toBe(counts);
    expect(await guest.tickets(userId)).toBe(1);
    expect(await guest.hasVisits(ids.next())).toBe(false);
  });

  test('as payments is found for any number of tickets at once', async () => {
    const { payments } = api.app.modules.payment.paymentRecords;
    const [paid, userId] = [ids.next(), ids.next()];
    await owner.rows(PAYMENT, [paid, userId]);
    const many = Array.from({ length: 450 }, () => ids.next());
    expect(await payments.hasAnyOf(many)).toBe(false);
    expect(await payments.ofTickets([])).toEqual([]);
    expect(await payments.hasAnyOf([...many, paid])).toBe(true);
    expect(await payments.ofTickets([paid, ...many])).toMatchObject([{ ticketId: paid, userId }]);
  });

  describe('is exported', () => {
    async function exportOf(token: string) {
      const answer = await fetch(`${api.url}/api/v1/users/me/export`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(200);
      return (await answer.json()) as Record<string, unknown> & { readonly elsewhere: Record<string, unknown[]> };
    }

    test('in every part, with what was changed, ended or sent since, and nobody else’s', async () => {
      const { modules } = api.app;
      const meta = { actor: 'system', correlationId: 'test' };
      const account = {
        password: PASSWORD,
        email: 'jibek@example.com',
        language: 'en',
        correlationId: 'test',
      } as const;
      const guest = await modules.auth.register({ ...account, phone: '+996700998877', name: 'Жибек' });
      const other = await modules.auth.register({ ...account, phone: '+996700998878', name: 'Бек' });
      if (!guest.ok || !other.ok) throw new Error('not registered');
      const { userId } = guest.value.account;
      const kid = { name: 'Темирлан', birthDate: '2019-07-19', gender: null };
      const child = await modules.user.addChild(userId, kid, meta);
      expect(child.ok).toBe(true);
      const ended = await modules.auth.login('+996700998877', PASSWORD, 'An old telephone');
      expect(ended.ok).toBe(true);
      await modules.auth.grantRole({ userId, role: 'gate', parkId: 'naryn' }, meta);
      const notice = { kind: 'money_returned', amountTyiyn: 35_000n } as const;
      await modules.notify.notifyGuest({ noticeId: ids.next(), userId, notice });
      const { masterKey } = await loadSecrets(api.app.config);
      const vault = createVault({ keys: createSubjectKeyTable(owner), masterKey });
      const sealed = (await vault.seal(userId, JSON.stringify('Нурлан'))) ?? '';
      const age = (await vault.seal(userId, '5')) ?? '';
      await owner.rows(statement('test.fill', `do $fill$ begin ${FILL(userId, sealed, age)} end $fill$`));

      const held = await exportOf(guest.value.tokens.accessToken);
      const parts = new Set(
        [...Object.values(TABLES), ...Object.values(EVENTS)].filter((part) => !part.startsWith('-')),
      );
      for (const part of parts) {
        const value = held[part] ?? held.elsewhere[part];
        expect([part, Array.isArray(value) ? value.length > 0 : typeof value]).toEqual([
          part,
          Array.isArray(value) ? true : 'object',
        ]);
      }
      for (const text of ['Нурлан', 'Темирлан', '2019-07-19', 'An old telephone', 'jibek@example.com', '350.00']) {
        expect(JSON.stringify(held)).toContain(text);
      }
      expect(JSON.stringify(held)).not.toContain('somebody-of-the-staff');
      const theirs = await exportOf(other.value.tokens.accessToken);
      expect(JSON.stringify(theirs)).not.toContain(userId);
      expect(theirs.elsewhere).toMatchObject({ tickets: [], scans: [], payments: [], waitlist: [], messages: [] });
    });
  });
});
