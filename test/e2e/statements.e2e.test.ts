import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResultRow } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { connectDatabase } from '../../src/infrastructure/postgres/database.ts';
import type { Statement } from '../../src/infrastructure/postgres/session.ts';
import type { SqlValue } from '../../src/infrastructure/postgres/value-types.ts';
import { addDays } from '../../src/kernel/time.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';
import { newGuest, openSmallPark, order, outcomeOf, tally, type Guest } from './guests.ts';

/**
 * How fast a sale is depends on the machine; how often it asks the database does not. What is counted here has to be asked: a
 * number that grows makes every sale slower.
 */
const GUESTS = 8;
const SALES = 64;
/** How long a statement takes at least, so that what is asked meanwhile can only be asked together. */
const SLOW_MS = 50;

const date = addDays(new Date().toISOString().slice(0, 10), 3);

/** Asked from time to time, however much is sold: what others stored, who may still sign in, keys that are kept for seconds. */
const BESIDES = [
  'store.head',
  'store.read-types',
  'store.own-life',
  'store.find-subject-keys',
  'booking.queued-days',
  'auth.sessions-revoked-since',
  'auth.roles-changed-since',
];

describeWithDatabase('statements of a sale', () => {
  const { later, run } = createCleanUp();
  let asked: string[] = [];
  let slowMs = 0;
  let guests: readonly Guest[];

  const watched: typeof connectDatabase = (settings) => {
    const database = connectDatabase(settings);
    return {
      ...database,
      async rows<Row extends QueryResultRow>(query: Statement, values?: readonly SqlValue[]): Promise<Row[]> {
        asked.push(query.name);
        await sleep(slowMs);
        return database.rows<Row>(query, values);
      },
      transaction(work) {
        asked.push('a transaction');
        return database.transaction(work);
      },
    };
  };
  const counts = () => tally(asked.filter((name) => !BESIDES.includes(name)));

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    const settings = await localSettings(await temporaryDataDir(later), { DATABASE_URL: database.url });
    const { app, url } = await startTestApi(settings, systemClock, later, watched);
    await openSmallPark(app, 'park', 1000);
    guests = await Promise.all(Array.from({ length: GUESTS }, () => newGuest(url)));
    for (const guest of guests) await buy(guest);
  });
  afterAll(run);
  beforeEach(() => {
    asked = [];
    slowMs = 0;
  });

  async function buy(guest: Guest): Promise<void> {
    expect(outcomeOf(await order(guest, { parkId: 'park', date }))).toBe('201');
  }

  test('a sale under a key asks for its key, the day, the points and their figures, is stored in one call, and keeps its answer', async () => {
    const [guest] = guests;
    if (guest === undefined) throw new Error('there are guests');
    await buy(guest);
    expect(counts()).toEqual({
      'http.begin': 1,
      'park.days': 1,
      'loyalty.accounts': 1,
      'loyalty.figures': 1,
      'store.append': 1,
      'http.complete': 1,
    });
  });

  test(`${SALES} sales at once share all of them`, async () => {
    slowMs = SLOW_MS;
    const rounds = Array.from({ length: SALES / GUESTS }, () => guests).flat();
    await Promise.all(rounds.map(buy));
    for (const [name, times] of Object.entries(counts())) expect(times, name).toBeLessThan(SALES / 4);
  });
});
