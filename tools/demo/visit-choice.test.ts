import { describe, expect, test } from 'vitest';
import { datesToEnterNow } from './visit-choice.ts';

/** Bishkek is six hours ahead of UTC. */
const at = (local: string): number => Date.parse(`${local}:00+06:00`);
const usual = { open_time: '10:00', close_time: '20:00', time_zone: 'Asia/Bishkek' };
const always = { open_time: '00:00', close_time: '23:59', time_zone: 'Asia/Bishkek' };

describe('a ticket bought now lets in now', () => {
  test.each([
    ['2026-12-05T08:59', []],
    ['2026-12-05T09:00', ['2026-12-05']],
    ['2026-12-05T19:39', ['2026-12-05']],
    ['2026-12-05T19:40', []],
    ['2026-12-05T23:30', []],
  ])('at %s in a park open from ten to eight: %j', (local, dates) => {
    expect(datesToEnterNow(usual, at(local))).toEqual(dates);
  });

  test.each([
    ['2026-12-05T00:00', ['2026-12-05']],
    ['2026-12-05T12:00', ['2026-12-05']],
    ['2026-12-05T23:10', ['2026-12-05', '2026-12-06']],
    ['2026-12-05T23:59', ['2026-12-06']],
  ])('at %s in a park that is always open: %j', (local, dates) => {
    expect(datesToEnterNow(always, at(local))).toEqual(dates);
  });
});
