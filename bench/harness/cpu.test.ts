import { describe, expect, test } from 'vitest';
import { meterOf, parseProcessStat } from './cpu.ts';

describe('processor time', () => {
  test('a process may call itself anything', () => {
    const line = '4242 (a) b (c) S 17 1 1 0 -1 4194560 1 2 3 4 250 50 30 7 20 0 11 0 99 100 200';
    expect(parseProcessStat(line)).toEqual({ parentPid: 17, ownTicks: 300, waitedTicks: 37 });
  });

  test('a process that is gone has no time, rather than none used', () => {
    expect(meterOf(2 ** 22 + 1)()).toBeNaN();
  });
});
