import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tamper } from '../../../test/e2e/tampering.ts';
import { createTestDatabase, describeWithDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../../infrastructure/clock.ts';
import { newId, one } from '../../infrastructure/event-store/appends.suite.ts';
import { openPostgresEventStore } from '../../infrastructure/event-store/postgres-store.ts';
import { connectDatabase } from '../../infrastructure/postgres/database.ts';
import { loadConfig, type Config } from '../config.ts';
import type { CheckUp } from './check-up.ts';
import { databaseCheckUps } from './doctor-database.ts';

/** One more than no reader may be behind. */
const EVENTS = 1001;
const PER_APPEND = 91;

const config = loadConfig({});

/** A log of events that no module knows. */
async function fillLog(url: string): Promise<void> {
  const connect = (poolSize: number) =>
    connectDatabase({ url, poolSize, applicationName: 'skypark-test', onError: () => undefined });
  const [writer, reader] = [connect(1), connect(2)];
  const { nodeId } = config;
  const store = await openPostgresEventStore({ writer, reader, nodeId, clock: systemClock, sleep });
  const appends = Array.from({ length: EVENTS / PER_APPEND }, () => store.append(one(newId(), 'none', PER_APPEND)));
  await Promise.all(appends);
  await store.close();
  await Promise.all([writer.close(), reader.close()]);
}

describeWithDatabase('the doctor, of a database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await fillLog(database.url);
  });
  afterAll(() => database?.drop());

  async function checkUpOf(part: string, aheadMs = 0): Promise<CheckUp | undefined> {
    const clock = { now: () => systemClock.now() + aheadMs };
    const found = await databaseCheckUps({ url: database.url, description: 'a test' }, config, clock);
    return found.find((one_) => one_.part === part);
  }
  const change = (sql: string) => tamper(database.url, sql);

  test('finds nothing wrong with a log that nobody changed, and that nobody has to read', async () => {
    expect(await checkUpOf('log')).toEqual({
      part: 'log',
      state: 'good',
      text: `${EVENTS} events; the chain of the last ${EVENTS} fits its head`,
    });
    expect(await checkUpOf('readers')).toMatchObject({ state: 'good' });
    expect(await checkUpOf('holds')).toMatchObject({ state: 'good', text: 'none is overdue' });
    expect(await checkUpOf('clock')).toMatchObject({ state: 'good' });
  });

  test.each([
    [5000, 'poor'],
    [-5000, 'poor'],
    [60_000, 'bad'],
    [-60_000, 'bad'],
  ] as const)('a clock that is %d ms ahead of the database’s is %s', async (aheadMs, state) => {
    const found = await checkUpOf('clock', aheadMs);
    expect(found).toMatchObject({ state, mend: 'let both machines follow the same time server' });
    const skewMs = Number(/^(\d+) ms apart/.exec(found?.text ?? '')?.[1]);
    expect(Math.abs(skewMs - Math.abs(aheadMs))).toBeLessThan(1000);
  });

  test('at a park, headquarters: how long ago it was heard, and what it does not have yet', async () => {
    const park: Config = { ...config, node: { role: 'park', parkId: 'osh', hqUrl: 'https://hq.example' } };
    const ofPark = async () =>
      (await databaseCheckUps({ url: database.url, description: 'a test' }, park)).find(
        ({ part }) => part === 'headquarters',
      );
    expect(await checkUpOf('headquarters')).toBeUndefined();
    expect(await ofPark()).toMatchObject({ state: 'poor', text: 'not heard yet' });
    await change(`insert into store.peer (node_id, acked_incarnation, acked_seq, acked_link, last_contact_ms)
      select 'hq', incarnation, seq - 7, link, store.to_ms(clock_timestamp()) - 5000 from store.head`);
    expect(await ofPark()).toMatchObject({
      state: 'good',
      text: expect.stringMatching(/^heard [5-9] s ago, 7 events/),
    });
    await change('update store.peer set last_contact_ms = last_contact_ms - 1800000');
    expect(await ofPark()).toMatchObject({ state: 'poor', text: expect.stringMatching(/7 events to hand over$/) });
    await change('delete from store.peer');
  });

  test('a reader that is far behind is named, and one that is not is not', async () => {
    await change(`insert into store.subscription (name, position) values ('flow.late', 0), ('flow.near', 1)`);
    expect(await checkUpOf('readers')).toEqual({
      part: 'readers',
      state: 'poor',
      text: `behind: flow.late by ${EVENTS} events`,
      mend: 'look whether a worker runs, and at cli -- parked',
    });
  });

  test('holds that nobody ended are counted, once they are more than five minutes over', async () => {
    const hold = (minutes: number) =>
      `(gen_random_uuid(), 'dordoi', 'single', current_date, gen_random_uuid()::text, 'pending_payment', 1, '[]', '[]', 0, 1, 1,
        now(), now() - interval '${minutes} minutes', now(), now())`;
    await change(
      `insert into booking.tickets (id, park_id, ticket_type, visit_date, qr_code, status, price, price_breakdown, children_data, adults,
         places, remaining, created_at, expires_at, valid_from, valid_until)
       values ${hold(4)}, ${hold(6)}, ${hold(7)}`,
    );
    expect(await checkUpOf('holds')).toEqual({
      part: 'holds',
      state: 'poor',
      text: '2 are overdue; their places count as free',
      mend: 'look whether a worker runs',
    });
  });

  test('an event that was changed breaks the chain, and the position is told', async () => {
    await change(`update store.event set event_data = '{"index": 7}' where position = 500`);
    expect(await checkUpOf('log')).toMatchObject({
      state: 'bad',
      text: expect.stringMatching(/^at position 500: /),
      mend: 'stop, and restore a backup',
    });
  });
});
