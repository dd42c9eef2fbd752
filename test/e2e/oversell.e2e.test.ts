import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { addDays } from '../../src/kernel/time.ts';
import { capacityAccount } from '../../src/modules/booking/domain/capacity.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import {
  createCleanUp,
  localSettings,
  startProgram,
  startTestApi,
  temporaryDataDir,
  type TestApi,
} from '../support/product.ts';
import { guestAt, newGuest, openSmallPark, order, outcomeOf, tally } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

const CAPACITY = 100;
const BUYERS = 300;
const ACCOUNTS = 20;
const REPEATS = 25;

const date = addDays(new Date().toISOString().slice(0, 10), 3);

describeWithDatabase('two API processes on one database', () => {
  const { later, run } = createCleanUp();
  let databaseUrl: string;
  let urls: readonly [string, string];
  /** A third API, in this process, for what no route offers yet. */
  let here: TestApi;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    databaseUrl = database.url;
    const dataDir = await temporaryDataDir(later);
    // What one process signs the other accepts: the same keys, and the same name to the outside.
    const shared = { DATABASE_URL: database.url, PUBLIC_URL: 'http://skypark.test', SKYPARK_MODE: 'demo' };
    here = await startTestApi(await localSettings(dataDir, shared), systemClock, later);
    const [one, other] = await Promise.all([
      startProgram('api', await localSettings(dataDir, shared), later),
      startProgram('api', await localSettings(dataDir, shared), later),
    ]);
    urls = [one.url, other.url];
  });

  afterAll(run);

  const placesOf = (parkId: string): Promise<readonly number[]> =>
    here.app.store.balances((['free', 'held', 'sold'] as const).map((bucket) => capacityAccount(parkId, date, bucket)));

  test('300 buyers for 100 places: exactly 100 get a ticket, the rest are told that the day is full', async () => {
    await openSmallPark(here.app, 'small', CAPACITY);
    const accounts = Array.from({ length: ACCOUNTS }, (_, index) => newGuest(index % 2 === 0 ? urls[0] : urls[1]));
    const guests = await Promise.all(accounts);
    const rounds = Array.from({ length: BUYERS / ACCOUNTS }, () => guests).flat();
    const answers = await Promise.all(rounds.map((guest) => order(guest, { parkId: 'small', date })));
    expect(tally(answers.map(outcomeOf))).toEqual({ '201': CAPACITY, '409 park_at_capacity': BUYERS - CAPACITY });
    expect(new Set(answers.map(({ data }) => data?.qr_code)).size).toBe(CAPACITY + 1);
    expect(await placesOf('small')).toEqual([0, CAPACITY, 0]);
    await expectRulesToHold(databaseUrl);
  });

  test('one key at both processes at once makes one ticket', async () => {
    await openSmallPark(here.app, 'other', 1000);
    const one = await newGuest(urls[0]);
    const other = await guestAt(urls[1], one);
    const bought = new Set<string>();
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const request = { parkId: 'other', date, key: randomUUID() };
      const both = await Promise.all([order(one, request), order(other, request)]);
      expect(both.map(outcomeOf)).toContain('201');
      for (const outcome of both.map(outcomeOf)) expect(['201', '409 idempotency_key_in_flight']).toContain(outcome);
      const after = await Promise.all([order(one, request), order(other, request)]);
      expect(after.map(outcomeOf)).toEqual(['201', '201']);
      const ids = [...both, ...after].flatMap(({ data }) => (data === undefined ? [] : [data.id]));
      expect(new Set(ids).size).toBe(1);
      for (const id of ids) bought.add(id);
    }
    expect(bought.size).toBe(REPEATS);
    expect(await placesOf('other')).toEqual([1000 - REPEATS, REPEATS, 0]);
    await expectRulesToHold(databaseUrl);
  });
});
