import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditRules, checkRules } from '../../src/main/cli/check.ts';
import { startProduct } from '../../src/main/product.ts';
import { eventually, expectThat } from '../../tools/demo/answered.ts';
import { demoLogins } from '../../tools/demo/demo-logins.ts';
import { Session } from '../../tools/demo/session.ts';
import { letIn } from '../../tools/demo/tour/admission.ts';
import { balanceIs } from '../../tools/demo/tour/loyalty.ts';
import { openTourParks } from '../../tools/demo/tour/parks.ts';
import { buy, buyPaid, partyOf, ticketIn } from '../../tools/demo/tour/tickets.ts';
import { ask, dayAfter, FOLLOW_MS, newBuyer, newKey, type Guest, type Tour } from '../../tools/demo/tour/tour.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, createCleanUp, localSettings, loggerOf, temporaryDataDir } from '../support/product.ts';
import { patience } from './guests.ts';
import { expectRulesToHold } from './rules.ts';
import { copyOf, tamper } from './tampering.ts';

/** What somebody may do to the tables behind the program's back, and which finding tells, beside those of every change. */
const TAMPERINGS: readonly (readonly [title: string, sql: string, broken: string])[] = [
  [
    'a cancelled ticket whose money never went back',
    `delete from store.event where event_type = 'RefundRequested'`,
    'endings',
  ],
  ['points that never came back', `delete from store.event where event_type = 'PointsReturned'`, 'endings'],
  [
    'a pass that had fewer visits',
    `update store.event set event_data = jsonb_set(event_data, '{visits}', '0') where event_type = 'PassIssued'`,
    'passes',
  ],
  [
    'a visit of a pass that came back of a ticket that stands',
    `delete from store.event where event_type = 'TicketCancelled'
       and aggregate_id in (select (event_data ->> 'ticketId')::uuid from store.event where event_type = 'PassVisitReturned')`,
    'passes',
  ],
  ['an incident that is gone', `delete from admission.incidents`, 'gates'],
  ['a scan that nobody made', `delete from admission.scans where incident_id is not null`, 'gates'],
  ['an incident of no ticket', `update admission.incidents set ticket_id = gen_random_uuid()`, 'gates'],
  [
    'an incident whose ticket is gone from the list',
    `delete from booking.tickets where id in (select ticket_id from admission.incidents)`,
    'gates',
  ],
  ['a som more in the reports', `update office.report_facts set amount = amount + 1 where kind = 'paid'`, 'reports'],
  [
    'people in excess that no report tells of',
    `delete from office.report_facts where kind in ('excess', 'excess_too')`,
    'reports',
  ],
  ['a refund that no report tells of', `delete from office.report_facts where kind = 'refunded'`, 'reports'],
  [
    'a som more in the ledger',
    `update ledger.entries set amount_tyiyn = amount_tyiyn + 100 where account = 'revenue'`,
    'rule 6',
  ],
  ['money that was never booked', `delete from ledger.entries where event_type = 'PaymentSucceeded'`, 'rule 6'],
  ['a day of the ledger that holds more', `update ledger.totals set credit_tyiyn = credit_tyiyn + 1`, 'rule 6'],
  [
    'a payment without a fiscal receipt',
    `delete from fiscal.receipt where kind = 'sale' and entry = (select max(entry) from fiscal.receipt where kind = 'sale')`,
    'fiscal',
  ],
  [
    'a fiscal receipt of another sum',
    `update fiscal.receipt set total_tyiyn = total_tyiyn - 1 where kind = 'return'`,
    'fiscal',
  ],
  [
    'a fiscal receipt that nobody asks for any more',
    `update fiscal.receipt set outcome = null, next_try_at = null where kind = 'sale'`,
    'fiscal',
  ],
  [
    'a fiscal receipt that is issued only by our word',
    `delete from store.event where event_type = 'FiscalReceiptIssued'`,
    'fiscal',
  ],
  [
    'points of another park',
    `update office.report_facts set points = points - 1 where kind = 'points_earned'`,
    'reports',
  ],
];

const cancel = ({ session }: Guest, id: string) =>
  ask(session, 200, (client) =>
    client.POST('/api/v1/tickets/{id}/cancel', { params: { path: { id }, header: newKey() }, body: {} }),
  );

/** A guest comes in and earns points, spends them on a ticket, pays the rest, cancels it, and has all of it again. */
async function buyWithPointsAndCancel(tour: Tour, guest: Guest): Promise<void> {
  const { parks, admin } = tour;
  const { code } = await buyPaid(tour, guest, partyOf(parks.roomy, parks.today, 1), 'elcard');
  await letIn(admin, code);
  await balanceIs(guest, 35);
  const wanted = { ...partyOf(parks.roomy, dayAfter(parks.today, 3), 1), points: 30 };
  const { ticket } = await buyPaid(tour, guest, wanted, 'elcard');
  expect(ticket.price).toBe('320.00');
  await balanceIs(guest, 5);
  await cancel(guest, ticket.id);
  const ended = await ticketIn(guest, ticket.id, 'refunded');
  expect(ended.refund).toMatchObject({ status: 'succeeded', amount: '320.00' });
  await balanceIs(guest, 35);
  await eventually('the sale and the return have their fiscal receipts', FOLLOW_MS, async () => {
    const { fiscal } = await ask(guest.session, 200, (client) =>
      client.GET('/api/v1/tickets/{id}/receipt', { params: { path: { id: ticket.id } } }),
    );
    return fiscal.receipts.filter(({ status }) => status === 'issued').length === 2 ? fiscal : null;
  });
}

/** Two visits of a pass, of which one comes back; then the pass ends. */
async function usePass({ admin, parks }: Tour, guest: Guest): Promise<void> {
  const body = {
    phone: guest.login.phone,
    park_ids: [parks.roomy],
    valid_from: parks.today,
    valid_to: dayAfter(parks.today, 30),
    visits: 2,
    people: 1,
    price: '900.00',
    payment_reference: 'slip 1',
  };
  const pass = await ask(admin, 201, (client) => client.POST('/api/v1/passes', { params: { header: newKey() }, body }));
  const visit = (days: number) => ({ ...partyOf(parks.roomy, dayAfter(parks.today, days), 1), pass_id: pass.id });
  await buy(guest, visit(5));
  await cancel(guest, (await buy(guest, visit(6))).id);
  const end = { params: { path: { id: pass.id }, header: newKey() }, body: { reason: 'They moved away' } };
  await ask(admin, 200, (client) => client.POST('/api/v1/passes/{id}/cancel', end));
}

/** A gate that was cut off lets in whom another one had let in. */
async function letInTwice(tour: Tour, guest: Guest): Promise<void> {
  const { admin, parks } = tour;
  const { code } = await buyPaid(tour, guest, partyOf(parks.roomy, parks.today, 1));
  await letIn(admin, code);
  const late = {
    scan_id: randomUUID(),
    code,
    direction: 'in' as const,
    gate: 'south',
    decided_offline: true,
    people: 1,
  };
  const body = { scans: [{ ...late, scanned_at: new Date().toISOString() }] };
  const { results } = await ask(admin, 200, (client) => client.POST('/api/v1/gate/scans', { body }));
  expectThat(results[0]?.incident_id !== null, 'the scan brought about no incident');
}

describeWithDatabase('the checker of a product that sold, gave back, and let in too many', () => {
  const { later, run } = createCleanUp();
  let url: string;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    url = database.url;
    const dataDir = await temporaryDataDir(later);
    const config = configOf(await localSettings(dataDir, { DATABASE_URL: url }));
    const product = await startProduct(config, loggerOf(config));
    try {
      const admin = new Session(config.publicUrl, (await demoLogins(dataDir)).admin, patience);
      await admin.signIn();
      const parks = await openTourParks(admin);
      const tour: Tour = { baseUrl: config.publicUrl, patience, admin, parks, step: (_title, work) => work() };
      const guest = await newBuyer(tour);
      await buyWithPointsAndCancel(tour, guest);
      await usePass(tour, guest);
      await letInTwice(tour, guest);
    } finally {
      await product.stop();
    }
  }, 120_000);
  afterAll(run);

  test('finds all rules to hold, over something', async () => {
    await expectRulesToHold(url);
    const text = (await checkRules(url, { facts: null })).map((finding) => finding.text).join('\n');
    expect(text).toContain('1 paid ticket cancelled: all but 0 go back');
    expect(text).toContain('1 ticket bought with points ended: all but 0 gave them back');
    expect(text).toContain('1 pass, 1 of them cancelled: 1 visit booked, 1 came back');
    expect(text).toContain('1 incident with their tickets and scans, 1 open');
    expect(text).toMatch(/fiscal receipts: [34] receipts of \d+\.00 left with us = [34] issued/);
    expect(text).toContain('1020.00 paid, 320.00 refunded, as the log says');
  });

  test.each(TAMPERINGS)('sees %s', async (_title, sql, broken) => {
    const copy = await copyOf(url);
    await tamper(copy, sql);
    const found = (await auditRules(copy, { facts: null })).filter(({ holds }) => !holds);
    expect(found.map(({ subject }) => subject)).toContain(broken);
  });
});
