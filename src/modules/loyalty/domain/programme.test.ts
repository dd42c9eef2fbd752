import { describe, expect, test } from 'vitest';
import { FIRST_FIGURES, type Figures } from './figures.ts';
import { figureFaults } from './figures-faults.ts';
import { programme } from './programme.ts';
import type { Tier } from './tiers.ts';

const tier = (name: string, minimumPoints: number, discountPercent = 5): Tier => ({
  name,
  minimumPoints,
  discountPercent,
});

describe('figures in force', () => {
  test('those that the programme begins with are sound', () => {
    expect(figureFaults(FIRST_FIGURES)).toEqual([]);
  });

  test.each<[string, Partial<Figures>, readonly string[]]>([
    ['no tier at all', { tiers: [] }, ['tiers']],
    ['no tier that begins at 0', { tiers: [tier('a', 1)] }, ['tiers.0.minimumPoints']],
    ['tiers that fall', { tiers: [tier('a', 0), tier('b', 9), tier('c', 8)] }, ['tiers.2.minimumPoints']],
    ['two tiers at once', { tiers: [tier('a', 0), tier('b', 0)] }, ['tiers.1.minimumPoints']],
    ['two tiers of one name', { tiers: [tier('a', 0), tier('a', 9)] }, ['tiers.1.name']],
    ['more than the whole price off', { tiers: [tier('a', 0, 101)] }, ['tiers.0.discountPercent']],
    ['a price that grows', { tiers: [tier('a', 0, -1)] }, ['tiers.0.discountPercent']],
    ['half a point', { tiers: [tier('a', 0), tier('b', 1.5)] }, ['tiers.1.minimumPoints']],
    ['points for nothing', { earningTyiyn: 0n }, ['earningTyiyn']],
    ['points that are worth nothing', { worthTyiyn: 0n }, ['worthTyiyn']],
    ['points that pay more than the price', { spendablePercent: 101 }, ['spendablePercent']],
    ['points that lapse at once', { validMonths: 0 }, ['validMonths']],
    ['days that are negative', { returnedDays: -1 }, ['returnedDays']],
  ])('cannot have %s', (_what, change, paths) => {
    expect(figureFaults({ ...FIRST_FIGURES, ...change }).map(({ path }) => path)).toEqual(paths);
  });

  test('are changed only by who saw the newest', () => {
    const figures = { ...FIRST_FIGURES, spendablePercent: 30 };
    const command = { kind: 'change', figures, version: 1, nowMs: 5 } as const;
    const decided = programme.decide(command, programme.initial);
    const events = decided.ok ? decided.value : [];
    expect(events).toEqual([{ type: 'LoyaltyFiguresChanged', data: { ...figures, changedAtMs: 5 } }]);
    const state = events.reduce(programme.evolve, programme.initial);
    expect(state).toEqual({ figures, version: 2 });
    expect(programme.decide(command, state)).toEqual({ ok: false, refusal: { code: 'version_moved' } });
  });
});
