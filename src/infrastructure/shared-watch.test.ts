import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createSharedWatch } from './shared-watch.ts';

const EVERY_MS = 5;

/** A value that the test sets, read through a counter. */
function source(first: number) {
  const state = { value: first, reads: 0, isDown: false, errors: [] as unknown[] };
  const watch = createSharedWatch<number>({
    async read() {
      state.reads += 1;
      if (state.isDown) throw new Error('down');
      return state.value;
    },
    isSame: (one, other) => one === other,
    everyMs: EVERY_MS,
    onError: (error) => state.errors.push(error),
  });
  return { state, watch };
}

/** Somebody who watches a key and notes what is told. */
function watcher(values: (leaving: AbortSignal) => AsyncIterable<number>) {
  const leaving = new AbortController();
  const seen: number[] = [];
  const ended = (async () => {
    for await (const value of values(leaving.signal)) seen.push(value);
  })();
  return { seen, ended, leave: () => leaving.abort() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(1);
}

/** Long enough for several reads. */
const rounds = async (state: { readonly reads: number }, count = 4): Promise<void> => {
  const before = state.reads;
  await until(() => state.reads >= before + count);
};

test('whoever comes is told the value at once, and then only when it changed', async () => {
  const { state, watch } = source(1);
  const one = watcher((leaving) => watch('a', leaving));
  await rounds(state);
  expect(one.seen).toEqual([1]);
  const other = watcher((leaving) => watch('a', leaving));
  await until(() => other.seen.length === 1);
  state.value = 2;
  await until(() => one.seen.length === 2 && other.seen.length === 2);
  await rounds(state);
  expect([one.seen, other.seen]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  one.leave();
  other.leave();
  await Promise.all([one.ended, other.ended]);
});

test('a key is read once however many watch it', async () => {
  let reading = 0;
  let most = 0;
  let reads = 0;
  const watch = createSharedWatch<number>({
    async read() {
      most = Math.max(most, (reading += 1));
      reads += 1;
      await sleep(2);
      reading -= 1;
      return 7;
    },
    isSame: () => true,
    everyMs: 60_000,
    onError: () => undefined,
  });
  const many = Array.from({ length: 50 }, () => watcher((leaving) => watch('a', leaving)));
  await until(() => many.every(({ seen }) => seen.length === 1));
  expect([reads, most]).toEqual([1, 1]);
  for (const { leave } of many) leave();
  await Promise.all(many.map(({ ended }) => ended));
});

test('nothing is read any more when the last one has left, and again when somebody comes', async () => {
  const { state, watch } = source(1);
  const [one, other] = [watcher((leaving) => watch('a', leaving)), watcher((leaving) => watch('a', leaving))];
  await until(() => one.seen.length + other.seen.length === 2);
  one.leave();
  await one.ended;
  await rounds(state);
  other.leave();
  await other.ended;
  const { reads } = state;
  await sleep(10 * EVERY_MS);
  expect(state.reads).toBe(reads);
  state.value = 2;
  const late = watcher((leaving) => watch('a', leaving));
  await until(() => late.seen.length === 1);
  expect(late.seen).toEqual([2]);
  late.leave();
  await late.ended;
});

test('whoever breaks off in the middle is forgotten too', async () => {
  const { state, watch } = source(1);
  for await (const value of watch('a', new AbortController().signal)) {
    expect(value).toBe(1);
    break;
  }
  const { reads } = state;
  await sleep(10 * EVERY_MS);
  expect(state.reads).toBe(reads);
});

test('keys have nothing to do with each other', async () => {
  const watch = createSharedWatch<string>({
    read: async (key) => `value of ${key}`,
    isSame: (one, other) => one === other,
    everyMs: EVERY_MS,
    onError: () => undefined,
  });
  for (const key of ['a', 'b']) {
    for await (const value of watch(key, new AbortController().signal)) {
      expect(value).toBe(`value of ${key}`);
      break;
    }
  }
});

test('a read that fails is told and repeated; who watches waits', async () => {
  const { state, watch } = source(1);
  state.isDown = true;
  const one = watcher((leaving) => watch('a', leaving));
  await until(() => state.errors.length > 1);
  expect(one.seen).toEqual([]);
  state.isDown = false;
  await until(() => one.seen.length === 1);
  one.leave();
  await one.ended;
});
