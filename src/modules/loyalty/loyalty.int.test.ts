import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { fixtureInfo, startFixture, type Fixture } from '../../infrastructure/http/http-fixture.ts';
import { routeFaults } from '../../infrastructure/http/route-faults.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { MS_A_DAY } from '../../kernel/time.ts';
import { createLoyaltyModule, loyaltyManifest, type LoyaltyModule } from './module.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const clock = createManualClock(NOW_MS);
const meta = { actor: 'flow:test', correlationId: 'test' };

describeWithDatabase('points on one log', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let loyalty: LoyaltyModule;
  let fixture: Fixture;

  beforeAll(async () => {
    opened = await openModuleDatabase(loyaltyManifest, clock);
    node = await opened.startNode();
    loyalty = createLoyaltyModule({ ...node, ids, clock });
    fixture = await startFixture({
      routes: loyalty.routes,
      info: { ...fixtureInfo, tags: [...fixtureInfo.tags, { name: 'loyalty', description: 'Points' }] },
      // The token is the id of the guest.
      tokens: {
        verify: (userId) =>
          Promise.resolve({ kind: 'user' as const, userId, sessionId: 's', roles: [], actor: `user:${userId}` }),
      },
    });
  });
  afterAll(async () => {
    await fixture.app.close();
    await opened.close();
  });

  const earn = (userId: string, som: number, visitedAtMs = NOW_MS, ticketId = ids.next()) =>
    loyalty.earnPoints({ userId, ticketId, paidTyiyn: BigInt(som) * 100n, visitedAtMs }, meta);

  async function get(userId: string, path: string) {
    const headers = { authorization: `Bearer ${userId}` };
    const response = await fixture.app.inject({ method: 'GET', url: `/api/v1${path}`, headers });
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
  }

  test('the routes are declared by the rules of the API', () => {
    expect(routeFaults(loyalty.routes)).toEqual([]);
  });

  test('a guest who has earned nothing is a beginner with an empty history', async () => {
    const userId = ids.next();
    expect((await get(userId, '/loyalty')).body).toEqual({
      points: 0,
      debt: 0,
      tier: 'beginner',
      next_tier: 'explorer',
      points_to_next_tier: 500,
      expiring: [],
    });
    expect((await get(userId, '/loyalty/history')).body).toEqual({ items: [], next_cursor: null });
  });

  test('a visit that is told by two processes at once, and again, earns once', async () => {
    const [userId, ticketId] = [ids.next(), ids.next()];
    const { earnPoints: other } = createLoyaltyModule({ ...(await opened.startNode()), ids, clock });
    const earning = { userId, ticketId, paidTyiyn: 105_000n, visitedAtMs: NOW_MS };
    await Promise.all([loyalty.earnPoints(earning, meta), other(earning, meta), loyalty.earnPoints(earning, meta)]);
    await other(earning, { ...meta, commandId: ids.next() });
    expect((await get(userId, '/loyalty')).body).toMatchObject({
      points: 105,
      tier: 'beginner',
      points_to_next_tier: 395,
    });
    expect((await get(userId, '/loyalty/history')).body).toEqual({
      items: [
        {
          kind: 'earned',
          points: 105,
          debt: 0,
          ticket_id: ticketId,
          moved_at: '2026-12-05T06:00:00.000Z',
          expires_at: '2027-12-05T06:00:00.000Z',
        },
      ],
      next_cursor: null,
    });
  });

  test('points older than 12 months are gone, for spending as for the tier, and are announced 90 days before', async () => {
    const userId = ids.next();
    const lapsesToday = Date.parse('2025-12-05T06:00:00Z');
    await earn(userId, 10_000, lapsesToday);
    await earn(userId, 6_000, lapsesToday + 1);
    await earn(userId, 200, lapsesToday + 90 * MS_A_DAY);
    await earn(userId, 300, lapsesToday + 91 * MS_A_DAY);
    expect((await get(userId, '/loyalty')).body).toEqual({
      points: 650,
      debt: 0,
      tier: 'explorer',
      next_tier: 'adventurer',
      points_to_next_tier: 1_350,
      expiring: [
        { points: 600, expires_at: '2026-12-05T06:00:00.001Z' },
        { points: 20, expires_at: '2027-03-05T06:00:00.000Z' },
      ],
    });
  });

  test('the tiers are those of the table, lowest first', async () => {
    const { body } = await get(ids.next(), '/loyalty/tiers');
    expect(body).toEqual({
      items: [
        { name: 'beginner', min_points: 0, discount_percent: 0 },
        { name: 'explorer', min_points: 500, discount_percent: 3 },
        { name: 'adventurer', min_points: 2_000, discount_percent: 5 },
        { name: 'champion', min_points: 5_000, discount_percent: 10 },
      ],
      next_cursor: null,
    });
  });

  test('the tiers come in pages, and a cursor of another list is 400', async () => {
    const userId = ids.next();
    const first = (await get(userId, '/loyalty/tiers?limit=3')).body;
    expect(first['items']).toHaveLength(3);
    const rest = await get(userId, `/loyalty/tiers?limit=3&cursor=${String(first['next_cursor'])}`);
    expect(rest.body).toMatchObject({ items: [{ name: 'champion' }], next_cursor: null });
    const ofHistory = Buffer.from('p500').toString('base64url');
    for (const cursor of [ofHistory, 'x']) {
      expect(await get(userId, `/loyalty/tiers?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path: 'cursor' }] },
      });
    }
  });

  describe('history', () => {
    test('pages lead from the newest to the oldest movement, each once, of this guest alone', async () => {
      const [userId, stranger] = [ids.next(), ids.next()];
      for (let som = 10; som <= 70; som += 10) {
        await earn(userId, som);
        await earn(stranger, 5_000);
      }
      const points: unknown[] = [];
      let cursor: unknown = '';
      for (let pages = 0; pages < 3; pages += 1) {
        const { body } = await get(
          userId,
          `/loyalty/history?limit=3${cursor === '' ? '' : `&cursor=${String(cursor)}`}`,
        );
        points.push(...(body['items'] as { points: number }[]).map((item) => item.points));
        cursor = body['next_cursor'];
      }
      expect(points).toEqual([7, 6, 5, 4, 3, 2, 1]);
      expect(cursor).toBeNull();
    });

    test.each(['x', 'cDA', 'cDE5OTk5OTk5OTk5OTk5OTk5OQ', 'cDF', 'AAAA'])(
      'the cursor %s is none of ours',
      async (cursor) => {
        expect(await get(ids.next(), `/loyalty/history?cursor=${cursor}`)).toMatchObject({
          status: 400,
          body: { code: 'validation_failed', errors: [{ path: 'cursor' }] },
        });
      },
    );
  });

  test('the read model does not change when the log is told twice, and a rebuild gives the same rows', async () => {
    const before = await opened.rows();
    expect(before['loyalty.movements']?.length).toBeGreaterThan(15);
    const head = await node.store.headPosition();
    await opened.replay(1, head);
    await opened.replay(Math.floor(head / 2), head);
    expect(await opened.rows()).toEqual(before);
    for (const batch of [1, 7, 100_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(before);
    }
  });
});
