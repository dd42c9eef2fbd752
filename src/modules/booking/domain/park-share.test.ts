import { expect, test } from 'vitest';
import { ASK_AGAIN_MS, parkShare } from './park-share.ts';

const ASKED_AT_MS = 1_000_000;
const ask = (askId: string, askedAtMs: number) => {
  const of = { parkId: 'ala-archa', date: '2026-12-05', nodeId: 'park', incarnation: 'one', places: 4 };
  return { kind: 'ask', ...of, askId, askedAtMs } as const;
};

function asked(...times: readonly number[]): readonly number[] {
  let state = parkShare.initial;
  return times.flatMap((askedAtMs, index) => {
    const decided = parkShare.decide(ask(`${index}`, askedAtMs), state);
    const events = decided.ok ? decided.value : [];
    state = events.reduce(parkShare.evolve, state);
    return events.map(() => askedAtMs);
  });
}

test('a question is asked again when it had no answer for some time', () => {
  const again = ASKED_AT_MS + ASK_AGAIN_MS;
  expect(asked(ASKED_AT_MS, again - 1, again)).toEqual([ASKED_AT_MS, again]);
});

test('a question from the future, of a clock that was wrong, does not keep the park from asking until then', () => {
  const ahead = ASKED_AT_MS + 86_400_000;
  expect(asked(ahead, ASKED_AT_MS, ASKED_AT_MS + 1)).toEqual([ahead, ASKED_AT_MS]);
});
