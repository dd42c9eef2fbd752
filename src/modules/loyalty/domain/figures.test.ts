import { describe, expect, test } from 'vitest';
import { FIRST_FIGURES, monthsAfter, pointsFor } from './figures.ts';
import { standingOf } from './tiers.ts';

describe('one point for every whole 10 som paid', () => {
  test.each([
    [0n, 0],
    [999n, 0],
    [1_000n, 1],
    [1_999n, 1],
    [2_000n, 2],
    [70_999n, 70],
  ])('%i tyiyn are worth %i points', (paid, expected) => {
    expect(pointsFor(paid, FIRST_FIGURES)).toBe(expected);
  });
});

describe('months', () => {
  test.each([
    ['2026-12-05T06:30:00.001Z', 12, '2027-12-05T06:30:00.001Z'],
    ['2027-03-01T00:00:00Z', 12, '2028-03-01T00:00:00Z'],
    ['2028-02-28T23:59:59Z', 12, '2029-02-28T23:59:59Z'],
    ['2028-02-29T12:00:00Z', 12, '2029-03-01T12:00:00Z'],
    ['2026-12-31T12:00:00Z', 1, '2027-01-31T12:00:00Z'],
    ['2026-11-30T12:00:00Z', 1, '2026-12-30T12:00:00Z'],
    ['2027-01-31T12:00:00Z', 1, '2027-03-01T12:00:00Z'],
    ['2026-10-31T12:00:00Z', 25, '2028-12-01T12:00:00Z'],
  ])('after %s, %i later, it is %s', (from, months, to) => {
    expect(monthsAfter(Date.parse(from), months)).toBe(Date.parse(to));
  });
});

describe('tiers', () => {
  test.each([
    [0, 'beginner', 'explorer', 500],
    [499, 'beginner', 'explorer', 1],
    [500, 'explorer', 'adventurer', 1_500],
    [4_999, 'adventurer', 'champion', 1],
  ])('%i points are %s, and the next is %s', (earned, tier, next, missing) => {
    expect(standingOf(earned, FIRST_FIGURES.tiers.toReversed())).toMatchObject({
      tier: { name: tier },
      next: { tier: { name: next }, pointsMissing: missing },
    });
  });

  test('beyond the highest tier there is none', () => {
    expect(standingOf(5_000, FIRST_FIGURES.tiers)).toMatchObject({ tier: { name: 'champion' }, next: null });
  });
});
