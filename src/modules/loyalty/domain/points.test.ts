import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MS_A_DAY } from '../../../kernel/time.ts';
import { FIRST_FIGURES, pointsFor } from './figures.ts';
import { pointsIn } from './lots.ts';
import { points } from './points.ts';
import type { PointsCommand, PointsEvent, PointsState } from './points-messages.ts';

const NOW_MS = Date.parse('2026-12-05T06:30:00Z');
const YEAR_MS = 365 * MS_A_DAY;
const userId = 'guest';

type Less<Command> = Command extends unknown ? Omit<Command, 'userId' | 'nowMs'> & { readonly nowMs?: number } : never;

const asked = (command: Less<PointsCommand>): PointsCommand => ({ userId, nowMs: NOW_MS, ...command });

const earn = (ticketId: string, som: number, nowMs = NOW_MS, expiresAtMs = nowMs + YEAR_MS): PointsCommand => {
  const paidTyiyn = BigInt(som) * 100n;
  const count = pointsFor(paidTyiyn, FIRST_FIGURES);
  return asked({ kind: 'earn', ticketId, paidTyiyn, points: count, earnedAtMs: nowMs, expiresAtMs, nowMs });
};
const reserve = (ticketId: string, count: number, more: { nowMs?: number } = {}): PointsCommand =>
  asked({ kind: 'reserve', ticketId, points: count, ...more });
const giveBack = (ticketId: string, nowMs = NOW_MS, left = 0): PointsCommand =>
  asked({ kind: 'return', ticketId, left, untilAtLeastMs: nowMs + 30 * MS_A_DAY, nowMs });
const reverse = (ticketId: string, som: number, refundId = 'refund', nowMs = NOW_MS): PointsCommand =>
  asked({ kind: 'reverse', ticketId, refundId, refundedTyiyn: BigInt(som) * 100n, nowMs });

function run(...commands: readonly PointsCommand[]) {
  const events: PointsEvent[] = [];
  const refusals: unknown[] = [];
  for (const command of commands) {
    const decided = points.decide(command, events.reduce(points.evolve, points.initial));
    if (decided.ok) events.push(...decided.value);
    else refusals.push(decided.refusal);
  }
  const state = events.reduce(points.evolve, points.initial);
  return { events, refusals, state, types: events.map(({ type }) => type), balance: pointsIn(state.available) };
}

describe('earning', () => {
  test('a visit earns points that can be spent until they lapse', () => {
    const { events, balance } = run(earn('a', 709));
    const expiresAtMs = NOW_MS + YEAR_MS;
    const lots = [{ points: 70, expiresAtMs }];
    const data = { userId, ticketId: 'a', paidTyiyn: 70_900n, points: 70, lots, earnedAtMs: NOW_MS, expiresAtMs };
    expect(events).toEqual([{ type: 'PointsEarned', data }]);
    expect(balance).toBe(70);
  });

  test('a ticket earns once for ever', () => {
    expect(run(earn('a', 500), earn('b', 200), earn('a', 500), earn('a', 900)).balance).toBe(70);
  });

  test('a visit that is worth no whole point earns nothing', () => {
    expect(run(earn('a', 9)).events).toEqual([]);
  });
});

describe('spending', () => {
  test('points are reserved once a ticket, those that lapse soonest first', () => {
    const [soonMs, laterMs] = [NOW_MS + MS_A_DAY, NOW_MS + YEAR_MS];
    const { state, types } = run(
      earn('a', 500, NOW_MS, laterMs),
      earn('b', 200, NOW_MS, soonMs),
      reserve('c', 30),
      reserve('c', 30),
    );
    expect(types).toEqual(['PointsEarned', 'PointsEarned', 'PointsReserved']);
    expect(state.available).toEqual([{ points: 40, expiresAtMs: laterMs }]);
    expect(state.tickets['c']?.spent).toEqual([
      { points: 20, expiresAtMs: soonMs },
      { points: 10, expiresAtMs: laterMs },
    ]);
  });

  test('more than there is cannot be reserved, and the refusal says what there is', () => {
    const { refusals, balance } = run(earn('a', 500), reserve('b', 51), reserve('c', 50), reserve('d', 1));
    expect(refusals).toEqual([
      { code: 'points_insufficient', available: 50 },
      { code: 'points_insufficient', available: 0 },
    ]);
    expect(balance).toBe(0);
  });

  test('points past their time cannot be spent although nobody wrote their lapse; the next change writes it', () => {
    const lapsesAtMs = NOW_MS + MS_A_DAY;
    const history = [earn('a', 500, NOW_MS, lapsesAtMs), earn('b', 100)];
    expect(run(...history, reserve('c', 11, { nowMs: lapsesAtMs })).refusals).toEqual([
      { code: 'points_insufficient', available: 10 },
    ]);
    expect(run(...history, reserve('c', 60, { nowMs: lapsesAtMs - 1 })).refusals).toEqual([]);
    const { types, state } = run(...history, reserve('c', 10, { nowMs: lapsesAtMs }));
    expect(types.slice(2)).toEqual(['PointsLapsed', 'PointsReserved']);
    expect(state).toMatchObject({ lapsed: 50, available: [] });
  });
});

describe('points come back when their ticket ends without a visit', () => {
  test('come back in part, those that lapse last; told twice, or after the rest came back, nothing more does', () => {
    const soonMs = NOW_MS + 40 * MS_A_DAY;
    const spent = [earn('a', 300, NOW_MS, soonMs), earn('b', 300), reserve('c', 40)];
    const { state, types, balance } = run(...spent, giveBack('c', NOW_MS, 25), giveBack('c', NOW_MS, 25));
    expect(types.filter((type) => type === 'PointsReturned')).toHaveLength(1);
    expect(balance).toBe(35);
    expect(state.tickets['c']?.spent).toEqual([{ points: 25, expiresAtMs: soonMs }]);
    const all = run(...spent, giveBack('c', NOW_MS, 25), giveBack('c'), giveBack('c', NOW_MS, 25));
    expect([all.balance, all.state.tickets['c']?.spent]).toEqual([60, []]);
  });

  test('with their old lapse date', () => {
    const before = run(earn('a', 500)).state.available;
    const { state, types } = run(earn('a', 500), reserve('b', 20), giveBack('b'), giveBack('b'));
    expect(state.available).toEqual(before);
    expect(types).toEqual(['PointsEarned', 'PointsReserved', 'PointsReturned']);
  });

  test('but for 30 days at least, also when they would have lapsed meanwhile', () => {
    const lapsesAtMs = NOW_MS + MS_A_DAY;
    const nowMs = NOW_MS + 5 * MS_A_DAY;
    const { state } = run(earn('a', 500, NOW_MS, lapsesAtMs), reserve('b', 20), giveBack('b', nowMs));
    expect(state).toMatchObject({
      lapsed: 30,
      available: [{ points: 20, expiresAtMs: nowMs + 30 * MS_A_DAY }],
    });
  });
});

describe('a refund', () => {
  test.each([
    [[700], 70],
    [[350], 35],
    [[5], 0],
    [[15], 1],
    [[5, 5, 5], 1],
    [[350, 350], 70],
    [[700, 700], 70],
  ])('of %j som of 700 reverses %i of 70 points: in proportion, rounded down over all refunds', (refunds, reversed) => {
    const back = refunds.map((som, index) => reverse('a', som, `refund ${index}`));
    const { balance, state } = run(earn('a', 700), ...back, ...back);
    expect(balance).toBe(70 - reversed);
    expect(state.debt).toBe(0);
  });

  test('that comes before the visit is told reverses the same', () => {
    const { types, balance } = run(reverse('a', 350), earn('a', 700));
    expect(types).toEqual(['RefundCounted', 'PointsEarned', 'PointsReversed']);
    expect(balance).toBe(35);
  });

  test('of points that were spent meanwhile leaves a debt, which later visits pay', () => {
    const history = [earn('a', 700), reserve('b', 60), reverse('a', 700)];
    expect(run(...history)).toMatchObject({ balance: 0, state: { debt: 60 } });
    expect(run(...history, earn('c', 500))).toMatchObject({ balance: 0, state: { debt: 10 } });
    expect(run(...history, earn('c', 500), earn('d', 300))).toMatchObject({ balance: 20, state: { debt: 0 } });
  });
});

describe('any history', () => {
  const ticketId = fc.integer({ min: 0, max: 4 }).map(String);
  const afterMs = fc.integer({ min: 0, max: 500 }).map((days) => days * MS_A_DAY);
  const som = fc.nat({ max: 3_000 });
  const command: fc.Arbitrary<(nowMs: number) => PointsCommand> = fc.oneof(
    fc.tuple(ticketId, som).map(
      ([id, paid]) =>
        (nowMs: number) =>
          earn(id, paid, nowMs),
    ),
    fc.tuple(ticketId, fc.nat({ max: 200 })).map(
      ([id, count]) =>
        (nowMs: number) =>
          reserve(id, count, { nowMs }),
    ),
    ticketId.map((id) => (nowMs: number) => giveBack(id, nowMs)),
    fc.tuple(ticketId, som, fc.nat({ max: 3 })).map(
      ([id, back, refund]) =>
        (nowMs: number) =>
          reverse(id, back, String(refund), nowMs),
    ),
    fc.constant((nowMs: number) => asked({ kind: 'lapse', nowMs })),
  );

  /** Where the points are: what came from us, against all places it can be in. */
  const sumOf = ({ available, lapsed, debt, tickets }: PointsState): number => {
    const all = Object.values(tickets);
    const issued = all.reduce((sum, { earned, reversed }) => sum + (earned?.points ?? 0) - reversed, 0);
    const spent = all.reduce((sum, ticket) => sum + pointsIn(ticket.spent), 0);
    return pointsIn(available) + spent + lapsed - debt - issued;
  };

  const histories = fc.array(fc.tuple(command, afterMs), { maxLength: 40 });

  test('keeps every movement balanced, nothing negative, and nothing reversed that was not earned', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let state: PointsState = points.initial;
        for (const [make, atMs] of history.toSorted(([, a], [, b]) => a - b)) {
          const decided = points.decide(make(NOW_MS + atMs), state);
          for (const event of decided.ok ? decided.value : []) {
            state = points.evolve(state, event);
            expect(sumOf(state)).toBe(0);
            expect(
              Math.min(state.debt, state.lapsed, ...state.available.map((lot) => lot.points)),
            ).toBeGreaterThanOrEqual(0);
          }
        }
        for (const { earned, reversed } of Object.values(state.tickets)) {
          expect(reversed).toBeLessThanOrEqual(earned?.points ?? 0);
        }
      }),
    );
  });

  test('told twice decides nothing the second time', () => {
    fc.assert(
      fc.property(histories, command, (history, make) => {
        const commands = history.map(([one, atMs]) => one(NOW_MS + atMs));
        const last = make(NOW_MS + YEAR_MS);
        const once = run(...commands, last);
        const twice = run(...commands, last, last);
        expect(twice.events).toEqual(once.events);
      }),
    );
  });

  test('earns and reverses the same whether refunds or the visit are told first', () => {
    fc.assert(
      fc.property(som, fc.array(som, { maxLength: 4 }), fc.nat({ max: 4 }), (paid, refunds, index) => {
        const told = refunds.map((back, refund) => reverse('a', back, String(refund)));
        const whenever = [...told.slice(0, index), earn('a', paid), ...told.slice(index)];
        expect(run(...whenever).balance).toBe(run(earn('a', paid), ...told).balance);
      }),
    );
  });
});
