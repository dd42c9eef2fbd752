import { expect, test } from 'vitest';
import { entryLimit, type EntryLimitSet } from './entry-limit.ts';

const day = { parkId: 'ala-archa', visitDate: '2026-12-05' };
const room = 'entry/ala-archa/2026-12-05/room';

function set(...limits: readonly number[]) {
  const events: EntryLimitSet[] = [];
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
