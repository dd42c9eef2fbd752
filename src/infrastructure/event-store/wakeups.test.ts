import { getEventListeners } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Database } from '../postgres/database.ts';
import { createWakeups } from './wakeups.ts';

test('a connection that was lost leaves nothing behind, however often', async () => {
  const added = vi.spyOn(AbortSignal.prototype, 'addEventListener');
  onTestFinished(() => added.mockRestore());
  const ends: ((error: Error) => void)[] = [];
  const database = {
    async connection(onEnd: (error: Error) => void) {
      ends.push(onEnd);
      return { listen: async () => undefined, close: async () => undefined };
    },
  } as unknown as Database;
  const errors: unknown[] = [];
  const wakeups = createWakeups(database, (error) => errors.push(error));
  await expect.poll(() => ends.length).toBe(1);
  const [signal] = added.mock.contexts;
  if (!(signal instanceof AbortSignal)) return expect.unreachable();
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  ends[0]?.(new Error('gone'));
  await expect.poll(() => ends.length, { timeout: 3000 }).toBe(2);
  expect([errors.length, getEventListeners(signal, 'abort').length]).toEqual([1, 1]);
  await wakeups.close();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
