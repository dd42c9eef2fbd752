import { describe, expect, test } from 'vitest';
import { createManualClock } from './clock.ts';
import { ok, refuse } from '../kernel/result.ts';
import { createWorkQueue } from './work-queue.ts';

/** Works that end when they are told to. */
function createWorks() {
  const started: number[] = [];
  const ends = new Map<number, () => void>();
  return {
    started,
    work: (id: number) => () => {
      started.push(id);
      return new Promise<number>((resolve) => ends.set(id, () => resolve(id)));
    },
    end: (id: number) => ends.get(id)?.(),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the work queue', () => {
  const clock = createManualClock(0);
  test('runs a bounded number at a time, in order, and refuses what would wait too long', async () => {
    const queue = createWorkQueue({ concurrency: 2, maxWaiting: 2, longestWaitMs: 3_000 }, clock);
    const works = createWorks();
    const runs = [1, 2, 3, 4, 5].map((id) => queue.run(works.work(id)));
    expect(await runs[4]).toEqual(refuse({ code: 'busy' }));
    expect(works.started).toEqual([1, 2]);
    works.end(2);
    await settle();
    expect(works.started).toEqual([1, 2, 3]);
    works.end(1);
    works.end(3);
    await settle();
    works.end(4);
    expect(await Promise.all(runs.slice(0, 4))).toEqual([1, 2, 3, 4].map(ok));
  });

  test('refuses what has waited too long, without running it', async () => {
    const queue = createWorkQueue({ concurrency: 1, maxWaiting: 5, longestWaitMs: 3_000 }, clock);
    const works = createWorks();
    const runs = [queue.run(works.work(1)), queue.run(works.work(2)), queue.run(works.work(3))];
    clock.advance(1);
    runs.push(queue.run(works.work(4)));
    clock.advance(3_000);
    works.end(1);
    await settle();
    expect(works.started).toEqual([1, 4]);
    works.end(4);
    const busy = refuse({ code: 'busy' });
    expect(await Promise.all(runs)).toEqual([ok(1), busy, busy, ok(4)]);
    expect(await queue.run(async () => 'idle')).toEqual(ok('idle'));
  });

  test('gives the place of a work that failed to the next one', async () => {
    const queue = createWorkQueue({ concurrency: 1, maxWaiting: 5, longestWaitMs: 3_000 }, clock);
    const failed = queue.run(() => Promise.reject(new Error('broken')));
    const next = queue.run(async () => 'fine');
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toEqual(ok('fine'));
    expect(await queue.run(async () => 'idle')).toEqual(ok('idle'));
  });
});
