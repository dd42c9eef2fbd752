import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { fixtureInfo, startFixture, type Fixture } from '../../infrastructure/http/http-fixture.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createLoyaltyModule, loyaltyManifest, type LoyaltyModule } from './module.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const clock = createManualClock(NOW_MS);

const FIRST = {
  tiers: [
    { name: 'beginner', min_points: 0, discount_percent: 0 },
    { name: 'explorer', min_points: 500, discount_percent: 3 },
    { name: 'adventurer', min_points: 2_000, discount_percent: 5 },
    { name: 'champion', min_points: 5_000, discount_percent: 10 },
  ],
  earning_sum: '10.00',
  point_value: '1.00',
  spendable_percent: 50,
  valid_months: 12,
  returned_days: 30,
};

const OTHER = {
  tiers: [
    { name: 'sparrow', min_points: 0, discount_percent: 1 },
    { name: 'eagle', min_points: 50, discount_percent: 15 },
  ],
  earning_sum: '20.00',
  point_value: '2.50',
  spendable_percent: 30,
  valid_months: 6,
  returned_days: 10,
};

/** The token is the role. */
const tokens = {
  verify: (role: string) =>
    Promise.resolve({
      kind: 'user' as const,
      userId: ids.next(),
      sessionId: 's',
      roles:
        role === 'manager' || role === 'admin'
          ? [{ role, parkId: role === 'admin' ? null : 'ala-archa' } as const]
          : [],
      actor: `user:${role}`,
    }),
};

describeWithDatabase('the figures of the programme', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let loyalty: LoyaltyModule;
  let fixture: Fixture;

  beforeAll(async () => {
    opened = await openModuleDatabase(loyaltyManifest, clock);
    node = await opened.startNode();
    loyalty = createLoyaltyModule({ ...node, ids, clock });
    const tags = [...fixtureInfo.tags, { name: 'loyalty', description: 'Points' }];
    fixture = await startFixture({ routes: loyalty.routes, info: { ...fixtureInfo, tags }, tokens });
  });
  afterAll(async () => {
    await fixture.app.close();
    await opened.close();
  });

  async function ask(method: 'GET' | 'PUT', role: string, body?: unknown, version?: string) {
    const answer = await fixture.app.inject({
      method,
      url: '/api/v1/admin/loyalty/tiers',
      headers: {
        authorization: `Bearer ${role}`,
        ...(version === undefined ? {} : { 'if-match': version }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, etag: answer.headers['etag'], body: answer.json<Record<string, unknown>>() };
  }

  test('are those of the product until somebody changes them, and staff may see them', async () => {
    expect(await ask('GET', 'manager')).toEqual({ status: 200, etag: '"1"', body: FIRST });
    expect(await ask('GET', 'guest')).toMatchObject({ status: 403 });
  });

  test.each<[string, object, string]>([
    ['no tier that begins at 0', { tiers: [{ name: 'a', min_points: 1, discount_percent: 0 }] }, 'tiers.0.min_points'],
    ['tiers that do not rise', { tiers: [...FIRST.tiers, { ...FIRST.tiers[1], name: 'late' }] }, 'tiers.4.min_points'],
    ['points for nothing', { earning_sum: '0.00' }, 'earning_sum'],
    ['a point worth more than any price', { point_value: '999999999999.00' }, 'point_value'],
  ])('cannot have %s', async (_what, change, path) => {
    expect(await ask('PUT', 'admin', { ...FIRST, ...change }, '"1"')).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path }] },
    });
  });

  test.each([
    ['101 percent', { spendable_percent: 101 }],
    ['no tiers', { tiers: [] }],
    ['half a month', { valid_months: 0.5 }],
    ['a number instead of an amount', { earning_sum: 10 }],
    ['an unknown figure', { tier: 1 }],
  ])('cannot have %s, says the schema', async (_what, change) => {
    expect(await ask('PUT', 'admin', { ...FIRST, ...change }, '"1"')).toMatchObject({ status: 400 });
  });

  describe('change', () => {
    test('only by an admin who saw the newest version', async () => {
      expect(await ask('PUT', 'manager', OTHER, '"1"')).toMatchObject({ status: 403 });
      expect(await ask('PUT', 'admin', OTHER)).toMatchObject({ status: 428 });
      expect(await ask('PUT', 'admin', OTHER, '"2"')).toMatchObject({ status: 412 });
      const both = await Promise.all([ask('PUT', 'admin', OTHER, '"1"'), ask('PUT', 'admin', OTHER, '"1"')]);
      expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
      expect(await ask('GET', 'manager')).toEqual({ status: 200, etag: '"2"', body: OTHER });
    });

    test('what is earned, spent and shown from then on', async () => {
      const [userId, meta] = [ids.next(), { actor: 'flow:test', correlationId: 'test' }];
      await loyalty.earnPoints({ userId, ticketId: ids.next(), paidTyiyn: 100_000n, visitedAtMs: NOW_MS }, meta);
      expect(await loyalty.standing(userId, NOW_MS)).toEqual({
        points: 50,
        tierName: 'eagle',
        tierPercent: 15,
        pointTyiyn: 250n,
        spendablePercent: 30,
      });
      const [lastMs, lapsedMs] = [Date.parse('2027-06-05T05:59:59.999Z'), Date.parse('2027-06-05T06:00:00Z')];
      expect(await loyalty.standing(userId, lastMs)).toMatchObject({ points: 50, tierName: 'eagle' });
      expect(await loyalty.standing(userId, lapsedMs)).toMatchObject({ points: 0, tierName: 'sparrow' });
    });

    test('and back, any number of times; the tables show the last, also made anew in any ranges', async () => {
      expect(await ask('PUT', 'admin', FIRST, '"2"')).toMatchObject({ status: 200, etag: '"3"' });
      expect(await ask('PUT', 'admin', { ...FIRST, valid_months: 24 }, '"3"')).toMatchObject({ status: 200 });
      const before = await opened.rows();
      expect(before['loyalty.tiers']).toHaveLength(4);
      const head = await node.store.headPosition();
      await opened.replay(1, head);
      await opened.replay(1, 2);
      expect(await opened.rows()).toEqual(before);
      for (const batch of [1, 2, 100_000]) {
        await opened.rebuild(batch);
        expect(await opened.rows()).toEqual(before);
      }
    });
  });
});
