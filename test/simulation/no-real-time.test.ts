import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { within } from '../../src/infrastructure/within.ts';
import { forbidRealTime } from './no-real-time.ts';

let end: () => readonly string[] = () => [];
beforeEach(() => {
  end = forbidRealTime();
});
afterEach(() => void end());

test('the program gets neither the time nor a timer of the machine', async () => {
  expect(() => systemClock.now()).toThrow(/asked for the time of the machine.*clock\.ts/s);
  await expect(within(5, 'an answer', new Promise(() => undefined))).rejects.toThrow(
    'asked for a timer of the machine',
  );
});

test('whatever was refused is known at the end, also where the program went on', () => {
  expect(() => systemClock.now()).toThrow();
  expect(end()).toEqual([expect.stringMatching(/asked for the time of the machine.*clock\.ts/s)]);
});

test('what it stands on gets them, and so does everybody afterwards', () => {
  expect(new Date().getTime()).toBeLessThanOrEqual(Date.now());
  expect(Math.random()).toBeLessThan(1);
  end();
  expect(systemClock.now()).toBeGreaterThan(0);
});
