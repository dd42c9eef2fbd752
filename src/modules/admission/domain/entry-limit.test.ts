import { describe, expect, test } from 'vitest';
import { entryLimit, inheritedGateDay, type EntryLimitEvent } from './entry-limit.ts';

const day = { parkId: 'ala-archa', visitDate: '2026-12-05' };
const room = 'entry/ala-archa/2026-12-05/room';

function set(...limits: readonly number[]) {
  const events: EntryLimitEvent[] = [];
  for (const people of limits) {
    const decided = entryLimit.decide({ ...day, people }, events.reduce(entryLimit.evolve, entryLimit.initial));
    if (decided.ok) events.push(...decided.value);
  }
  return events.map((event) => entryLimit.transfersOf?.(event));
}

test('the first limit of a day is all room', () => {
  expect(set(300)).toEqual([[{ from: null, to: room, amount: 300 }]]);
});

test('a limit told twice changes nothing', () => {
  expect(set(300, 300)).toHaveLength(1);
});

test('raising it gives room, lowering it takes room that may not be there', () => {
  expect(set(300, 350, 100).slice(1)).toEqual([
    [{ from: null, to: room, amount: 50 }],
    [{ from: room, to: null, amount: 250, overdraws: true }],
  ]);
});

describe('a day whose counters another node has kept', () => {
  const inside = 'entry/ala-archa/2026-12-05/inside';
  const take = (people: number, told: number, before = { room: 0, inside: 0 }) => {
    const decided = inheritedGateDay.decide({ ...day, ofNode: 'park', people, inside: told, before }, { people: 0 });
    return decided.ok ? decided.value.map((event) => inheritedGateDay.transfersOf?.(event)) : [];
  };

  test('goes on with who is inside by what was told, and with the room that its limit leaves', () => {
    expect(take(300, 40)).toEqual([
      [
        { from: null, to: room, amount: 260 },
        { from: null, to: inside, amount: 40 },
      ],
    ]);
    expect(take(300, 310)).toEqual([
      [
        { from: room, to: null, amount: 10, overdraws: true },
        { from: null, to: inside, amount: 310 },
      ],
    ]);
  });

  test('is gone on with once', () => {
    expect(take(300, 40, { room: 260, inside: 40 })).toEqual([]);
  });

  test('has nothing to go on with where nobody asked to come in', () => {
    expect(take(0, 0)).toEqual([]);
  });

  test('has the limit that the other node had set, or, in the first version, the same stream', () => {
    const data = { ...day, ofNode: 'park', room: 260, inside: 40, people: 300 };
    expect(inheritedGateDay.evolve({ people: 0 }, { type: 'GateDayInherited', data })).toEqual({ people: 300 });
    const first = { ...data, people: null };
    expect(inheritedGateDay.evolve({ people: 200 }, { type: 'GateDayInherited', data: first })).toEqual({
      people: 200,
    });
  });
});
