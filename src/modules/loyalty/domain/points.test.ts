import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { points, pointsFor, twelveMonthsAfter, type PointsCommand, type PointsEvent } from './points.ts';
import { standingOf, type Tier } from './tiers.ts';

const VISIT_MS = Date.parse('2026-12-05T06:30:00Z');

const earn = (ticketId: string, paidTyiyn: bigint): PointsCommand => ({
  kind: 'earn',
  userId: 'user',
  ticketId,
  paidTyiyn,
  earnedAtMs: VISIT_MS,
});

function run(...commands: readonly PointsCommand[]) {
  const events: PointsEvent[] = [];
  for (const command of commands) {
    const decided = points.decide(command, events.reduce(points.evolve, points.initial));
    if (decided.ok) events.push(...decided.value);
  }
  return { events, state: events.reduce(points.evolve, points.initial) };
}

describe('earning', () => {
  test('a visit earns one point for every whole 10 som paid, for 12 months', () => {
    expect(run(earn('ticket', 70_999n)).events).toEqual([
      {
        type: 'PointsEarned',
        data: {
          userId: 'user',
          ticketId: 'ticket',
          paidTyiyn: 70_999n,
          points: 70,
          earnedAtMs: VISIT_MS,
          expiresAtMs: Date.parse('2027-12-05T06:30:00Z'),
        },
      },
    ]);
  });

  test.each([
    [0n, 0],
    [999n, 0],
    [1_000n, 1],
    [1_999n, 1],
    [2_000n, 2],
  ])('%i tyiyn are worth %i points', (paid, expected) => {
    expect(pointsFor(paid)).toBe(expected);
    expect(run(earn('ticket', paid)).events).toHaveLength(expected === 0 ? 0 : 1);
  });

  test('a ticket earns once for ever', () => {
    const { state } = run(earn('a', 50_000n), earn('b', 20_000n), earn('a', 50_000n), earn('a', 90_000n));
    expect(state).toEqual({ earned: { a: 50, b: 20 }, balance: 70 });
  });

  test('in any order with any repeats the balance is the sum over the tickets, and never negative', () => {
    const paid = fc.record({ id: fc.integer({ min: 0, max: 5 }), som: fc.nat({ max: 5_000 }) });
    fc.assert(
      fc.property(fc.array(paid, { maxLength: 20 }), (tickets) => {
        const { state, events } = run(...tickets.map(({ id, som }) => earn(String(id), BigInt(som) * 100n)));
        expect(new Set(events.map(({ data }) => data.ticketId)).size).toBe(events.length);
        expect(state.balance).toBe(Object.values(state.earned).reduce((sum, one) => sum + one, 0));
        expect(state.balance).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('twelve months', () => {
  test.each([
    ['2026-12-05T06:30:00.001Z', '2027-12-05T06:30:00.001Z'],
    ['2027-03-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['2028-02-28T23:59:59Z', '2029-02-28T23:59:59Z'],
    ['2028-02-29T12:00:00Z', '2029-03-01T12:00:00Z'],
  ])('after %s it is %s', (from, to) => {
    expect(twelveMonthsAfter(Date.parse(from))).toBe(Date.parse(to));
  });
});

describe('tiers', () => {
  const tiers: readonly Tier[] = [
    { name: 'champion', minimumPoints: 5_000, discountPercent: 10 },
    { name: 'beginner', minimumPoints: 0, discountPercent: 0 },
    { name: 'explorer', minimumPoints: 500, discountPercent: 3 },
  ];

  test.each([
    [0, 'beginner', 'explorer', 500],
    [499, 'beginner', 'explorer', 1],
    [500, 'explorer', 'champion', 4_500],
    [4_999, 'explorer', 'champion', 1],
  ])('%i points are %s, and the next is %s', (earned, tier, next, missing) => {
    expect(standingOf(earned, tiers)).toMatchObject({
      tier: { name: tier },
      next: { tier: { name: next }, pointsMissing: missing },
    });
  });

  test('beyond the highest tier there is none', () => {
    expect(standingOf(5_000, tiers)).toMatchObject({ tier: { name: 'champion' }, next: null });
  });
});
