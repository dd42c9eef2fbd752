import { expect, test } from 'vitest';
import { livesOf } from './park-lives.ts';

type Place = Parameters<typeof livesOf>[0];

/** A park's node whose first life goes on, and whose store fails as often as it is told to. What it keeps outlives its process. */
function openPlace() {
  const failing = { times: 0 };
  const kept: { since: number | null } = { since: null };
  const catchingUp = {
    fallBehind: async () => void (kept.since ??= 7),
    behindSince: async () => kept.since,
    caughtUp: async () => void (kept.since = null),
  };
  const done: string[] = [];
  const place = {
    config: { node: { role: 'park', parkId: 'ala-archa' } },
    database: { rows: async () => [{ incarnation: 'first', reason: null }] },
    appendGate: { alone: <Answer>(work: () => Promise<Answer>) => work() },
    modules: {
      admission: { catchingUp, recountTakenBack: async () => [], goOnAtGates: async () => ['go on'] },
      runner: {
        async runAll(steps: readonly unknown[]) {
          if (steps.length === 0) return { ok: true };
          failing.times -= 1;
          if (failing.times >= 0) throw new Error('the store is away');
          done.push('the gates go on');
          return { ok: true };
        },
      },
    },
  } as unknown as Place;
  const start = () => livesOf(place, { keyId: 'key', sign: async () => 'signature' });
  return { lives: start(), start, failing, kept, done };
}

test('the counters of the gates go on from what was taken back, and no more than once', async () => {
  const { lives, done } = openPlace();
  expect(await lives.takeBack(async () => 'stored')).toBe('stored');
  await lives.mend();
  expect(done).toEqual(['the gates go on']);
});

test('counters that could not go on do so before the next talk', async () => {
  const { lives, failing, done } = openPlace();
  failing.times = 2;
  await expect(lives.takeBack(async () => 'stored')).rejects.toThrow('the store is away');
  await expect(lives.mend()).rejects.toThrow('the store is away');
  await lives.mend();
  await lives.mend();
  expect(done).toEqual(['the gates go on']);
});

test('another process finds that they have not, and goes on', async () => {
  const { lives, start, failing, kept, done } = openPlace();
  failing.times = 1;
  await expect(lives.takeBack(async () => 'stored')).rejects.toThrow('the store is away');
  expect(kept.since).toBe(7);
  await start().mend();
  expect(kept.since).toBeNull();
  await start().mend();
  expect(done).toEqual(['the gates go on']);
});

test('so do those of a page of which only a part could be stored', async () => {
  const { lives, done } = openPlace();
  await expect(lives.takeBack(() => Promise.reject(new Error('after the first segment')))).rejects.toThrow('after');
  await lives.mend();
  expect(done).toEqual(['the gates go on']);
});
