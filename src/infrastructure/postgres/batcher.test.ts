import { DatabaseError } from 'pg';
import { describe, expect, test } from 'vitest';
import { BrokenInvariant } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { createBatcher } from './batcher.ts';
import { asStoreError } from './errors.ts';

type Run = { readonly items: readonly number[]; finish(): void; fail(error: Error): void };

/** A batcher whose runs wait until the test ends them; answers are ten times the item. */
function held(maxItems: number, maxQueued: number, runsAtOnce?: number) {
  const runs: Run[] = [];
  const batcher = createBatcher<number, number>({
    maxItems,
    maxQueued,
    ...(runsAtOnce === undefined ? {} : { runsAtOnce }),
    run: (items) =>
      new Promise((resolve, reject) => {
        runs.push({ items, finish: () => resolve(items.map((item) => item * 10)), fail: reject });
      }),
  });
  return { batcher, runs, sizes: () => runs.map(({ items }) => items.length) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('collecting', () => {
  test('what is submitted in one breath runs together and each gets its own answer', async () => {
    const { batcher, runs } = held(100, 100);
    const answers = Promise.all([1, 2, 3].map((item) => batcher.submit(item)));
    await turn();
    expect(runs.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    runs[0]?.finish();
    expect(await answers).toEqual([10, 20, 30]);
  });

  test('what arrives while a run is under way waits for it and runs next, in order, in batches of at most maxItems', async () => {
    const { batcher, runs } = held(2, 100);
    const first = batcher.submit(0);
    await turn();
    const later = [1, 2, 3, 4, 5].map((item) => batcher.submit(item));
    await turn();
    expect(runs.map(({ items }) => items)).toEqual([[0]]);
    expect(batcher.queued()).toBe(5);
    for (let index = 0; index < 4; index += 1) {
      runs[index]?.finish();
      await turn();
    }
    expect(runs.map(({ items }) => items)).toEqual([[0], [1, 2], [3, 4], [5]]);
    expect(await Promise.all([first, ...later])).toEqual([0, 10, 20, 30, 40, 50]);
  });

  test('an idle batcher begins in the next turn of the event loop, without waiting for time to pass', async () => {
    const { batcher, runs } = held(1, 1);
    void batcher.submit(7);
    await turn();
    expect(runs).toHaveLength(1);
    runs[0]?.finish();
  });

  test('one busy caller does not starve others: everybody waits for at most the items that came before', async () => {
    const order: string[] = [];
    const batcher = createBatcher<string, string>({
      maxItems: 4,
      maxQueued: 1_000,
      run: async (items) => {
        order.push(...items);
        await turn();
        return items;
      },
    });
    const greedy = Array.from({ length: 100 }, (_, index) => batcher.submit(`greedy ${index}`));
    const modest = batcher.submit('modest');
    const greedier = Array.from({ length: 100 }, (_, index) => batcher.submit(`greedier ${index}`));
    await modest;
    expect(order.indexOf('modest')).toBe(100);
    await Promise.all([...greedy, ...greedier]);
    expect(order).toHaveLength(201);
  });
});

describe('several runs at once', () => {
  test('what comes while a run is slow does not wait for it, up to so many runs', async () => {
    const { batcher, runs } = held(10, 100, 2);
    const slow = [batcher.submit(1), batcher.submit(2)];
    await turn();
    const second = [batcher.submit(3), batcher.submit(4)];
    await turn();
    const third = [batcher.submit(5), batcher.submit(6)];
    await turn();
    expect(runs.map(({ items }) => items)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    runs[1]?.finish();
    expect(await Promise.all(second)).toEqual([30, 40]);
    await turn();
    runs[2]?.finish();
    expect(await Promise.all(third)).toEqual([50, 60]);
    runs[0]?.finish();
    expect(await Promise.all(slow)).toEqual([10, 20]);
  });

  test('what is too much for one run begins another at once, and closing waits for all of them', async () => {
    const { batcher, runs, sizes } = held(2, 100, 3);
    const answers = Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => batcher.submit(item)));
    for (let time = 0; time < 5; time += 1) await turn();
    expect(sizes()).toEqual([2, 2, 2]);
    let isClosed = false;
    const closing = batcher.close().then(() => (isClosed = true));
    for (const index of [0, 1, 2]) runs[index]?.finish();
    await turn();
    expect([sizes(), isClosed]).toEqual([[2, 2, 2, 1], false]);
    runs[3]?.finish();
    expect(await answers).toEqual([10, 20, 30, 40, 50, 60, 70]);
    await closing;
  });
});

describe('bounds', () => {
  test('a full queue refuses at once and takes items again when there is room', async () => {
    const { batcher, runs } = held(2, 2);
    const running = batcher.submit(0);
    await turn();
    const waiting = [batcher.submit(1), batcher.submit(2)];
    await expect(batcher.submit(3)).rejects.toThrow(StoreUnavailable);
    runs[0]?.finish();
    await turn();
    const late = batcher.submit(4);
    runs[1]?.finish();
    await turn();
    runs[2]?.finish();
    expect(await Promise.all([running, ...waiting, late])).toEqual([0, 10, 20, 40]);
  });

  test('a closed batcher finishes what it took and takes no more', async () => {
    const { batcher, runs } = held(1, 10);
    const taken = [batcher.submit(1), batcher.submit(2)];
    const closed = batcher.close();
    await expect(batcher.submit(3)).rejects.toThrow(StoreUnavailable);
    await turn();
    runs[0]?.finish();
    await turn();
    runs[1]?.finish();
    await closed;
    expect(await Promise.all(taken)).toEqual([10, 20]);
    expect(batcher.queued()).toBe(0);
  });

  test('closing an idle batcher resolves', async () => {
    await expect(held(1, 1).batcher.close()).resolves.toBeUndefined();
  });
});

describe('failures', () => {
  const failing = (bad: (item: number) => Error | undefined) => {
    const sizes: number[] = [];
    const batcher = createBatcher<number, number>({
      maxItems: 10,
      maxQueued: 10,
      run: async (items) => {
        sizes.push(items.length);
        await turn();
        for (const item of items) {
          const error = bad(item);
          if (error !== undefined) throw error;
        }
        return items;
      },
    });
    return { batcher, sizes };
  };
  const outcomes = async (promises: readonly Promise<number>[]): Promise<unknown[]> =>
    (await Promise.allSettled(promises)).map((settled): unknown =>
      settled.status === 'fulfilled' ? settled.value : settled.reason,
    );

  test('the failure of one item does not touch its neighbours', async () => {
    const error = new Error('bad item');
    const { batcher, sizes } = failing((item) => (item === 2 ? error : undefined));
    expect(await outcomes([1, 2, 3].map((item) => batcher.submit(item)))).toEqual([1, error, 3]);
    expect(sizes).toEqual([3, 1, 1, 1]);
  });

  test('a single item is not run twice', async () => {
    const error = new Error('bad item');
    const { batcher, sizes } = failing(() => error);
    expect(await outcomes([batcher.submit(1)])).toEqual([error]);
    expect(sizes).toEqual([1]);
  });

  test('an unavailable store is told to all at once', async () => {
    const error = new StoreUnavailable('away');
    const { batcher, sizes } = failing(() => error);
    expect(await outcomes([1, 2, 3].map((item) => batcher.submit(item)))).toEqual([error, error, error]);
    expect(sizes).toEqual([3]);
  });

  test('a store that goes away between single runs is told to those not yet answered', async () => {
    const away = new StoreUnavailable('away');
    const { batcher, sizes } = failing((item) =>
      item === 2 ? (sizes.length === 1 ? new Error('?') : away) : undefined,
    );
    expect(await outcomes([1, 2, 3].map((item) => batcher.submit(item)))).toEqual([1, away, away]);
    expect(sizes).toEqual([3, 1, 1]);
  });

  const tooMuch = (code: string): Error =>
    asStoreError(Object.assign(new DatabaseError('no', 1, 'error'), { code })) as Error;

  test('of a run that took too long or too much each item is run by itself, and only the culprit hears it', async () => {
    for (const code of ['57014', '53100', '53200']) {
      const error = tooMuch(code);
      const { batcher, sizes } = failing((item) => (item === 2 ? error : undefined));
      expect(await outcomes([1, 2, 3].map((item) => batcher.submit(item)))).toEqual([1, error, 3]);
      expect(sizes).toEqual([3, 1, 1, 1]);
    }
  });

  test('a server for which two in a row are too much, or that has no connection left, is away', async () => {
    const error = tooMuch('57014');
    const { batcher, sizes } = failing((item) => (item > 1 ? error : undefined));
    expect(await outcomes([1, 2, 3, 4].map((item) => batcher.submit(item)))).toEqual([1, error, error, error]);
    expect(sizes).toEqual([4, 1, 1, 1]);
    const none = failing(() => tooMuch('53300'));
    await outcomes([1, 2].map((item) => none.batcher.submit(item)));
    expect(none.sizes).toEqual([2]);
  });

  test('the batcher works on after a failure', async () => {
    const { batcher } = failing((item) => (item < 0 ? new Error('negative') : undefined));
    await expect(batcher.submit(-1)).rejects.toThrow('negative');
    expect(await batcher.submit(1)).toBe(1);
  });

  test('a run that answers too few is a bug, and is not repeated since its work is done', async () => {
    let runs = 0;
    const batcher = createBatcher<number, number>({
      maxItems: 10,
      maxQueued: 10,
      run: async () => {
        runs += 1;
        return [];
      },
    });
    const [one, two] = await Promise.allSettled([batcher.submit(1), batcher.submit(2)]);
    expect([one.status, two.status]).toEqual(['rejected', 'rejected']);
    await expect(batcher.submit(3)).rejects.toThrow(BrokenInvariant);
    expect(runs).toBe(2);
  });
});
