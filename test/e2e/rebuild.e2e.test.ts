import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { compareProjection } from '../../src/infrastructure/event-store/compare-projection.ts';
import { rebuildProjection } from '../../src/infrastructure/event-store/projections.ts';
import { connectDatabase, type Database } from '../../src/infrastructure/postgres/database.ts';
import { addDays } from '../../src/kernel/time.ts';
import { manifests } from '../../src/main/migration-sources.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir, type TestApi } from '../support/product.ts';
import { newGuest, openSmallPark, order, outcomeOf, type Guest } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

const date = addDays(new Date().toISOString().slice(0, 10), 3);
const projections = manifests.flatMap((manifest) => manifest.projections);

describeWithDatabase('read models of a product that sells', () => {
  const { later, run } = createCleanUp();
  let api: TestApi;
  let url: string;
  let owner: Database;
  let guests: readonly Guest[];

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    url = database.url;
    owner = connectDatabase({ url, poolSize: 2, applicationName: 'skypark-test', onError: () => undefined });
    later(() => owner.close());
    const dataDir = await temporaryDataDir(later);
    api = await startTestApi(await localSettings(dataDir, { DATABASE_URL: url }), systemClock, later);
    await openSmallPark(api.app, 'small', 10_000);
    guests = await Promise.all(Array.from({ length: 2 }, () => newGuest(api.url)));
  });
  afterAll(run);

  /** Sells and cancels without a break until told to stop; answers how many tickets were sold. */
  async function sellUntil(stopping: AbortSignal): Promise<number> {
    const sellTo = async (guest: Guest): Promise<number> => {
      let sold = 0;
      while (!stopping.aborted) {
        const bought = await order(guest, { parkId: 'small', date });
        expect(outcomeOf(bought)).toBe('201');
        sold += 1;
        const id = bought.data?.id;
        if (id === undefined || sold % 3 !== 0) continue;
        const cancelled = await guest.session.client.POST('/api/v1/tickets/{id}/cancel', {
          params: { path: { id } },
          body: {},
        });
        expect(cancelled.response.status).toBe(200);
      }
      return sold;
    };
    return (await Promise.all(guests.map(sellTo))).reduce((sum, sold) => sum + sold, 0);
  }

  test('each is rebuilt beside the sales that go on, and is the same rows afterwards by their hash', async () => {
    const stopping = new AbortController();
    const selling = sellUntil(stopping.signal);
    for (const projection of projections) {
      await rebuildProjection(owner, projection);
      const { differing } = await compareProjection(owner, projection);
      expect({ projection: projection.name, differing }).toEqual({ projection: projection.name, differing: 0 });
    }
    stopping.abort();
    expect(await selling).toBeGreaterThan(10);
    for (const projection of projections) {
      expect((await compareProjection(owner, projection)).differing).toBe(0);
    }
    await expectRulesToHold(url);
  }, 240_000);
});
