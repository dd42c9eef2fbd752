import { describe, expect, test } from 'vitest';
import { ok, refuse } from '../../../kernel/result.ts';
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
  test('runs a bounded number at a time, in order, and refuses what would wait too long', async () => {
    const queue = createWorkQueue({ concurrency: 2, maxWaiting: 2 });
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

  test('gives the place of a work that failed to the next one', async () => {
    const queue = createWorkQueue({ concurrency: 1, maxWaiting: 5 });
    const failed = queue.run(() => Promise.reject(new Error('broken')));
    const next = queue.run(async () => 'fine');
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toEqual(ok('fine'));
    expect(await queue.run(async () => 'idle')).toEqual(ok('idle'));
  });
});
