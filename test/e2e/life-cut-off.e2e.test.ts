import { afterAll, beforeAll, expect, test } from 'vitest';
import { capacityAccount } from '../../src/modules/booking/domain/capacity.ts';
import { createMarkerFile } from '../../src/infrastructure/event-store/marker-file.ts';
import { withClient } from '../support/database-admin.ts';
import { createTestDatabase, describeWithDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/nodes.ts';
import { createCleanUp, killTree, runProgram, type Settings } from '../support/product.ts';
import { countOf, freeAt, openLivesWorld, PARK, TODAY, type LivesWorld } from './lives-world.ts';

const { later, run } = createCleanUp();

const FREE = capacityAccount(PARK, TODAY, 'free');

describeWithDatabase('a node that is killed between the beginning of a new life and what it has to say first', () => {
  let world: LivesWorld;
  let database: TestDatabase;
  let settings: Settings;

  beforeAll(async () => {
    world = await openLivesWorld(later);
    database = await createTestDatabase();
    later(() => database.drop());
    settings = { ...(await world.settingsOf('park')), DATABASE_URL: database.url };
    const park = await world.openNewPark(settings);
    await world.granted(park);
    await world.sell(park, 2);
    await world.inStep(park);
    await park.stop();
  }, 120_000);
  afterAll(run);

  const ask = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
    withClient(database.url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  /** Places that the log of the stopped node says it may sell: how many it was granted is not this test's. */
  const placesLeft = async (): Promise<number> =>
    Number((await ask(`select balance from store.counter where account = '${FREE}'`))[0]?.['balance']);
  const life = async (): Promise<unknown> => (await ask('select incarnation from store.head'))[0]?.['incarnation'];

  test('says it at the next start, and has nothing to sell until headquarters grants it anew', async () => {
    const marker = createMarkerFile(String(settings['SKYPARK_MARKER_FILE']));
    const place = await marker.read();
    // What was sealed last is not in this log: it was put back.
    await marker.write({ incarnation: String(place?.incarnation), seq: (place?.seq ?? 0) + 5, link: 'x'.repeat(43) });
    await ask(`create function public.cut_off() returns trigger language plpgsql as
      $$ begin raise exception 'the machine stops here'; end $$`);
    await ask(`create trigger cut_off before insert on store.event for each row
      when (new.event_type = 'IncarnationOpened') execute function public.cut_off()`);
    const before = await life();
    const places = await placesLeft();
    expect(places).toBeGreaterThan(0);
    const [head] = await ask('select seq::integer from store.head');
    const child = runProgram('src/main/park-node.ts', [], settings, later);
    child.stdout?.resume();
    child.stderr?.resume();
    const begun = await eventually(life, (now) => now !== before, 120_000);
    await killTree(child);
    expect(await ask(`select event_type from store.event where incarnation = '${String(begun)}'`)).toEqual([]);
    await ask('drop trigger cut_off on store.event');

    const away = await world.open({ ...settings, SKYPARK_HQ_URL: 'http://127.0.0.1:9' });
    expect(await life()).toBe(begun);
    const own = (await away.app.store.read(0, 10_000)).filter(({ incarnation }) => incarnation === begun);
    expect(own.slice(0, 2).map(({ type }) => type)).toEqual(['IncarnationOpened', 'ShareFenced']);
    expect(own[0]?.data).toMatchObject({ reason: 'restored', previous: { incarnation: before, seq: head?.['seq'] } });
    expect(own[1]?.data).toMatchObject({ places });
    expect([await freeAt(away), await world.sell(away, 1)]).toEqual([0, ['sold out']]);
    await away.stop();

    world.clock.advance(90_000);
    const again = await world.open(settings);
    await world.inStep(again);
    expect(await countOf(world.hq, 'IncarnationOpened')).toBe(1);
    expect(await world.granted(again)).toBeGreaterThan(0);
  }, 240_000);
});
