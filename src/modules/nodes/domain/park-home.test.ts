import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../../kernel/time.ts';
import { parkHome, stillHome, type ParkHomeState } from './park-home.ts';

const TODAY = '2026-12-05';
const assign = (nodeId: string, days: number, firstDays = 0) =>
  ({
    kind: 'assign',
    parkId: 'osh',
    nodeId,
    fromDate: addDays(TODAY, days),
    firstDate: addDays(TODAY, firstDays),
    headquarters: 'hq',
  }) as const;

const next = (state: ParkHomeState, ...command: Parameters<typeof assign>): ParkHomeState => {
  const decided = parkHome.decide(assign(...command), state);
  if (!decided.ok) throw new Error(decided.refusal.code);
  return decided.value.reduce(parkHome.evolve, state);
};
const homeOn = ({ homes }: ParkHomeState, days: number): string =>
  homes.findLast(({ fromDate }) => fromDate <= addDays(TODAY, days))?.nodeId ?? 'hq';

test('a day that has begun keeps its home', () => {
  expect(parkHome.decide(assign('park-osh', 0, 1), parkHome.initial)).toMatchObject({
    refusal: { code: 'day_has_begun' },
  });
  const state = next(parkHome.initial, 'park-osh', 1, 1);
  expect([homeOn(state, 0), homeOn(state, 1), homeOn(state, 90)]).toEqual(['hq', 'park-osh', 'park-osh']);
});

test('a second node is at home only after headquarters was: the first one may be admitting people', () => {
  const state = next(parkHome.initial, 'park-osh', 1);
  expect(parkHome.decide(assign('park-osh-2', 2), state)).toMatchObject({ refusal: { code: 'park_has_node' } });
  const back = next(state, 'hq', 1);
  expect(homeOn(back, 1)).toBe('hq');
  expect(homeOn(next(back, 'park-osh-2', 3), 3)).toBe('park-osh-2');
});

test('the newest word holds for its day and all after it, and for none before', () => {
  const word = fc.record({ home: fc.boolean(), days: fc.integer({ min: 0, max: 30 }) });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      let state = parkHome.initial;
      const expected = Array.from({ length: 40 }, () => 'hq');
      for (const { home, days } of words) {
        const nodeId = home ? 'park-osh' : 'hq';
        state = next(state, nodeId, days);
        const isSo = expected.slice(days).every((one) => one === nodeId) && expected.at(-1) === nodeId;
        if (!isSo) expected.fill(nodeId, days);
      }
      expect(expected.map((_, days) => homeOn(state, days))).toEqual(expected);
    }),
  );
});

const inherit = (state: ParkHomeState, ofNode: string): ParkHomeState => {
  const decided = parkHome.decide({ kind: 'inherit', parkId: 'osh', ofNode, headquarters: 'hq' }, state);
  if (!decided.ok) throw new Error(decided.refusal.code);
  return decided.value.reduce(parkHome.evolve, state);
};

test('headquarters inherits all days of a node, begun ones too, and none of another one', () => {
  const first = next(parkHome.initial, 'park-osh', 2, 2);
  const back = inherit(first, 'park-osh');
  expect([0, 2, 90].map((days) => homeOn(back, days))).toEqual(['hq', 'hq', 'hq']);
  expect(inherit(back, 'park-osh')).toEqual(back);
  // As a log of before says it: the days of the first one stayed its own when headquarters came home, and the second one followed.
  const left = [
    { fromDate: addDays(TODAY, 2), nodeId: 'park-osh' },
    { fromDate: addDays(TODAY, 5), nodeId: 'hq' },
    { fromDate: addDays(TODAY, 7), nodeId: 'park-osh-2' },
  ];
  const mended = inherit({ homes: left }, 'park-osh');
  expect([2, 4, 5, 7, 90].map((days) => homeOn(mended, days))).toEqual(['hq', 'hq', 'hq', 'park-osh-2', 'park-osh-2']);
  expect(inherit(mended, 'park-talas')).toEqual(mended);
});

test('what is done as the home of a day holds while the day has that home', () => {
  const state = next(parkHome.initial, 'park-osh', 2);
  const decided = (nodeId: string, days: number, homes = state) =>
    stillHome.decide({ nodeId, date: addDays(TODAY, days), headquarters: 'hq' }, homes);
  expect(decided('hq', 2, parkHome.initial)).toEqual({ ok: true, value: [] });
  expect([decided('hq', 1), decided('park-osh', 2)].map(({ ok }) => ok)).toEqual([true, true]);
  for (const changed of [decided('hq', 2), decided('park-osh', 1), decided('park-osh', 3, inherit(state, 'park-osh'))])
    expect(changed).toEqual({ ok: false, refusal: { code: 'home_changed' } });
});
