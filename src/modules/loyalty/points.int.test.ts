import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { MS_A_DAY } from '../../kernel/time.ts';
import { pointsIn } from './domain/lots.ts';
import { points } from './domain/points.ts';
import { createLoyaltyModule, loyaltyManifest, type LoyaltyModule } from './module.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const clock = createManualClock(NOW_MS);
const meta = { actor: 'flow:test', correlationId: 'test' };

type Process = TestNode & { readonly loyalty: LoyaltyModule };

describeWithDatabase('points that are earned, spent and given back', () => {
  let opened: ModuleDatabase;
  let here: Process;
  let there: Process;

  beforeAll(async () => {
    opened = await openModuleDatabase(loyaltyManifest, clock);
    const start = async (): Promise<Process> => {
      const node = await opened.startNode();
      return { ...node, loyalty: createLoyaltyModule({ ...node, ids, clock }) };
    };
    [here, there] = [await start(), await start()];
  });
  beforeEach(() => clock.set(NOW_MS));
  afterAll(() => opened.close());

  const earn = (userId: string, som: number, ticketId = ids.next()) =>
    here.loyalty.earnPoints({ userId, ticketId, paidTyiyn: BigInt(som) * 100n, visitedAtMs: clock.now() }, meta);
  const reserve = (userId: string, count: number, ticketId = ids.next(), { runner, loyalty }: Process = here) =>
    runner.runAll([loyalty.reserveStep({ userId, ticketId, points: count, nowMs: clock.now() })], meta);
  const standing = (userId: string) => there.loyalty.standing(userId, clock.now());

  async function accountOf(userId: string) {
    const account = statement(
      'test.account',
      'select points, spent, lapsed, debt, issued from loyalty.accounts where user_id = $1',
    );
    return (await here.database.rows<Record<string, number>>(account, [userId]))[0];
  }

  test('a standing says what a guest may have off a price', async () => {
    const userId = ids.next();
    expect(await standing(userId)).toEqual({
      points: 0,
      tierName: 'beginner',
      tierPercent: 0,
      pointTyiyn: 100n,
      spendablePercent: 50,
    });
    await earn(userId, 6_000);
    expect(await standing(userId)).toMatchObject({ points: 600, tierName: 'explorer', tierPercent: 3 });
  });

  test('spending lowers what is left and not the tier; what comes back is there again', async () => {
    const [userId, ticketId] = [ids.next(), ids.next()];
    await earn(userId, 6_000);
    expect(await reserve(userId, 450, ticketId)).toMatchObject({ ok: true });
    expect(await standing(userId)).toMatchObject({ points: 150, tierName: 'explorer' });
    await Promise.all([here, there, here].map(({ loyalty }) => loyalty.returnPoints(ticketId, 0, meta)));
    expect(await standing(userId)).toMatchObject({ points: 600 });
    expect(await accountOf(userId)).toEqual({ points: 600, spent: 0, lapsed: 0, debt: 0, issued: 600 });
  });

  test('a ticket that nobody spent points on gives none back', async () => {
    const head = await here.store.headPosition();
    await here.loyalty.returnPoints(ids.next(), 0, meta);
    expect(await here.store.headPosition()).toBe(head);
  });

  test('of 20 reservations at once in two processes exactly as many fit as there are points for', async () => {
    const userId = ids.next();
    await earn(userId, 1_000);
    const tries = Array.from({ length: 20 }, (_, index) =>
      reserve(userId, 15, ids.next(), index % 2 === 0 ? here : there),
    );
    const done = await Promise.all(tries);
    expect(done.filter(({ ok }) => ok)).toHaveLength(6);
    expect(done.filter(({ ok }) => !ok).map((refused) => !refused.ok && refused.refusal)).toEqual(
      Array.from({ length: 14 }, () => ({ code: 'points_insufficient', available: 10 })),
    );
    expect(await accountOf(userId)).toEqual({ points: 10, spent: 90, lapsed: 0, debt: 0, issued: 100 });
  });

  test('a refund told by two processes reverses once; what was spent is owed and paid by the next visit', async () => {
    const [userId, ticketId, refundId] = [ids.next(), ids.next(), ids.next()];
    await earn(userId, 1_000, ticketId);
    await reserve(userId, 80);
    const refund = { userId, ticketId, refundId, refundedTyiyn: 50_000n };
    await Promise.all([here, there, here].map(({ loyalty }) => loyalty.reversePoints(refund, meta)));
    expect(await accountOf(userId)).toEqual({ points: 0, spent: 80, lapsed: 0, debt: 30, issued: 50 });
    await earn(userId, 400);
    expect(await accountOf(userId)).toEqual({ points: 10, spent: 80, lapsed: 0, debt: 0, issued: 90 });
  });

  test('a refund takes from the tier what its ticket brought', async () => {
    const [userId, ticketId] = [ids.next(), ids.next()];
    await earn(userId, 5_000, ticketId);
    expect(await standing(userId)).toMatchObject({ tierName: 'explorer' });
    await here.loyalty.reversePoints({ userId, ticketId, refundId: ids.next(), refundedTyiyn: 1_000n }, meta);
    expect(await standing(userId)).toMatchObject({ points: 499, tierName: 'beginner' });
  });

  test('points past their time do not count before the job has come; the job writes their lapse once', async () => {
    const userId = ids.next();
    await earn(userId, 1_000);
    clock.advance(100 * MS_A_DAY);
    await earn(userId, 200);
    clock.set(Date.parse('2027-12-05T06:00:00Z'));
    expect(await standing(userId)).toMatchObject({ points: 20 });
    expect(await reserve(userId, 21)).toMatchObject({ ok: false, refusal: { available: 20 } });
    expect(await accountOf(userId)).toMatchObject({ points: 120, lapsed: 0 });
    const [job] = [...(here.loyalty.jobs ?? [])];
    const round = { limit: 200, stopping: new AbortController().signal, meta };
    await job?.run(round);
    const head = await here.store.headPosition();
    await job?.run(round);
    expect(await here.store.headPosition()).toBe(head);
    expect(await accountOf(userId)).toEqual({ points: 20, spent: 0, lapsed: 100, debt: 0, issued: 120 });
  });

  describe('any history', () => {
    const guests = Array.from({ length: 3 }, () => ids.next());
    const tickets = Array.from({ length: 6 }, () => ids.next());
    const refunds = Array.from({ length: 4 }, () => ids.next());
    const move = fc.record({
      kind: fc.constantFrom('earn', 'reserve', 'return', 'reverse', 'lapse'),
      guest: fc.constantFrom(...guests),
      ticket: fc.nat({ max: tickets.length - 1 }),
      refund: fc.constantFrom(...refunds),
      som: fc.nat({ max: 2_000 }),
      days: fc.nat({ max: 40 }),
    });

    test('is shown by the tables as the events have it, also when the tables are made anew in any ranges', async () => {
      const moves = fc.sample(move, { seed: 7, numRuns: 150 });
      for (const { kind, guest, ticket, refund, som, days } of moves) {
        clock.advance(days * MS_A_DAY);
        // Every ticket has one owner.
        const userId = guests[ticket % guests.length] ?? guest;
        const ticketId = tickets[ticket] ?? '';
        if (kind === 'earn') await earn(userId, som, ticketId);
        if (kind === 'reserve') await reserve(userId, som % 60, ticketId);
        if (kind === 'return') await here.loyalty.returnPoints(ticketId, 0, meta);
        if (kind === 'reverse') {
          await here.loyalty.reversePoints(
            { userId, ticketId, refundId: refund, refundedTyiyn: BigInt(som) * 100n },
            meta,
          );
        }
        if (kind === 'lapse')
          await here.loyalty.jobs?.[0]?.run({ limit: 9, stopping: new AbortController().signal, meta });
      }
      for (const userId of guests) {
        const { state } = await here.runner.stateOf(points, ids.derive(`points:${userId}`));
        const account = await accountOf(userId);
        expect(account).toMatchObject({ points: pointsIn(state.available), lapsed: state.lapsed, debt: state.debt });
        const live = state.available.filter(({ expiresAtMs }) => expiresAtMs > clock.now());
        expect((await standing(userId)).points).toBe(pointsIn(live));
      }
      const before = await opened.rows();
      const kinds = (before['loyalty.movements'] ?? []).map((row) => (JSON.parse(row) as { kind: string }).kind);
      expect(new Set(kinds)).toEqual(new Set(['earned', 'reserved', 'returned', 'reversed', 'lapsed']));
      const head = await here.store.headPosition();
      await opened.replay(1, head);
      await opened.replay(Math.floor(head / 2), head);
      expect(await opened.rows()).toEqual(before);
      for (const batch of [1, 7, 100_000]) {
        await opened.rebuild(batch);
        expect(await opened.rows()).toEqual(before);
      }
    });
  });
});
