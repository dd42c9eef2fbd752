import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkRules, renderFindings } from '../../src/main/cli/check.ts';
import type { Fact } from '../../src/main/cli/journal-facts.ts';
import { startProduct } from '../../src/main/product.ts';
import { visitPark } from '../../tools/demo/family.ts';
import { gateLogin } from '../../tools/demo/demo-logins.ts';
import { Session } from '../../tools/demo/session.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import {
  configOf,
  createCleanUp,
  localSettings,
  loggerOf,
  temporaryDataDir,
  type CleanUp,
} from '../support/product.ts';
import { patience } from './guests.ts';
import { copyOf, tamper } from './tampering.ts';

/** What somebody may do to the tables behind the program's back, and which findings tell. */
const TAMPERINGS: readonly (readonly [title: string, sql: string, broken: readonly string[]])[] = [
  [
    'a counter that lost a place',
    `update store.counter set balance = balance - 1 where account like '%/sold'`,
    ['rule 1'],
  ],
  ['a ticket that is gone from the list', `delete from booking.tickets`, ['rule 1', 'rule 7']],
  ['a ticket that looks unused again', `update booking.tickets set status = 'active'`, ['rule 7']],
  [
    'points out of nothing',
    `update loyalty.accounts set points = points + 1, issued = issued + 1`,
    ['rule 6', 'rule 7'],
  ],
  [
    'a payment that made another ticket valid',
    `update store.event set event_data = jsonb_set(event_data, '{paymentId}', to_jsonb(gen_random_uuid()))
     where event_type = 'TicketActivated'`,
    ['log', 'rule 2', 'rule 6', 'rule 7', 'rule 7'],
  ],
  [
    'a sale that never was',
    `update store.event set event_data = jsonb_set(event_data, '{quota}', '1') where event_type = 'DayOpened'`,
    ['log', 'rule 1'],
  ],
  [
    'an account whose beginning is gone',
    `delete from store.event where event_type = 'UserRegistered'`,
    ['log', 'log', 'log', 'rule 3', 'rule 7'],
  ],
  [
    'an event of a kind that this program does not know',
    `update store.event set event_type = 'SomethingUnheardOf' where event_type = 'PointsEarned'`,
    ['log', 'log', 'reports', 'rule 3', 'rule 6', 'rule 7', 'rule 7'],
  ],
  [
    'a sale for no day, which the table of tickets does not take',
    `update store.event set event_data = jsonb_set(event_data, '{visitDate}', 'null') where event_type = 'TicketHeld'`,
    ['log', 'rule 1', 'rule 7'],
  ],
];

/** Sends a family to a park on the database at `url`; answers what it was told. Nothing is connected afterwards. */
async function visitOn(url: string, later: CleanUp): Promise<readonly Fact[]> {
  const dataDir = await temporaryDataDir(later);
  const config = configOf(await localSettings(dataDir, { DATABASE_URL: url }));
  const product = await startProduct(config, loggerOf(config));
  const facts: Fact[] = [];
  const journal = { write: async (fact: Fact) => void facts.push(fact), close: () => Promise.resolve() };
  try {
    const gate = new Session(config.publicUrl, await gateLogin(dataDir), patience);
    await gate.signIn();
    await visitPark({ baseUrl: config.publicUrl, gate, journal, patience, tell: () => undefined });
  } finally {
    await product.stop();
  }
  return facts;
}

describeWithDatabase('the checker', { timeout: 240_000 }, () => {
  const { later, run } = createCleanUp();
  let url: string;
  let facts: readonly Fact[];

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    url = database.url;
    facts = await visitOn(url, later);
  });

  afterAll(run);

  test('sees what was changed behind the program, and nothing else', async () => {
    const brokenIn = async (database: string, told: readonly Fact[] = facts) =>
      (await checkRules(database, { facts: told })).filter(({ holds }) => !holds).map(({ subject }) => subject);

    expect(await brokenIn(await copyOf(url))).toEqual([]);
    for (const [title, sql, broken] of TAMPERINGS) {
      const copy = await copyOf(url);
      await tamper(copy, sql);
      expect(await brokenIn(copy), title).toEqual(broken);
    }
    expect(await brokenIn(url, [...facts, { fact: 'registered', userId: 'nobody' }])).toEqual(['rule 3']);
    expect(await brokenIn(url, [...facts, { fact: 'finished', userId: 'nobody' }])).toEqual(['rule 3']);
  });

  test('a payment the purchase flow has not come to yet is in progress, one it passed over is broken', async () => {
    const copy = await copyOf(url);
    await tamper(copy, `delete from store.event where event_type = 'TicketActivated'`);
    const ofPayments = async () =>
      (await checkRules(copy, { facts: null })).filter(({ subject }) => subject === 'rule 2');
    const passedOver = await ofPayments();
    expect(passedOver).toMatchObject([{ holds: false, inProgress: false }]);
    expect(passedOver[0]?.text).toContain('brought neither a ticket nor a refund');

    await tamper(copy, `update store.subscription set position = 0 where name = 'flow.purchase'`);
    const behind = await ofPayments();
    expect(behind).toMatchObject([{ holds: true, inProgress: true }]);
    expect(behind[0]?.text).toContain('1 in progress');
    expect([renderFindings(behind, false).holds, renderFindings(behind, true).holds]).toEqual([true, false]);
  });
});
