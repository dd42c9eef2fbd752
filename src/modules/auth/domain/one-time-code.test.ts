import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CODE_BYTES, CODE_MS, codeOf, judgeCode } from './one-time-code.ts';

describe('a one-time code', () => {
  test('has six digits, each as likely as any other at each place', () => {
    const codes = Array.from({ length: 20_000 }, () => codeOf(randomBytes(CODE_BYTES)));
    for (const code of codes) expect(code).toMatch(/^\d{6}$/);
    for (let place = 0; place < 6; place += 1) {
      const counts = new Map<string, number>();
      for (const code of codes) counts.set(code.charAt(place), (counts.get(code.charAt(place)) ?? 0) + 1);
      // 2 000 are expected of each digit, give or take 42; seven times that happens once in many lives.
      expect([...counts.values()].every((count) => Math.abs(count - 2_000) < 300)).toBe(true);
      expect(counts.size).toBe(10);
    }
    expect(codeOf(new Uint8Array(CODE_BYTES))).toBe('000000');
    expect(codeOf(new Uint8Array([0, 0, 0, 0, 0, 7]))).toBe('000007');
  });

  test.each([
    [0, 0, true, 'right'],
    [0, 0, false, 'wrong'],
    [CODE_MS - 1, 0, true, 'right'],
    [CODE_MS, 0, true, 'dead'],
    [0, 4, true, 'right'],
    [0, 4, false, 'wrong'],
    [0, 5, true, 'dead'],
    [0, 5, false, 'dead'],
  ] as const)('after %i ms and %i wrong tries, matching %s, is %s', (nowMs, wrongTries, isMatch, judgement) => {
    expect(judgeCode({ expiresAtMs: CODE_MS, wrongTries }, isMatch, nowMs)).toBe(judgement);
  });

  test('lives at most ten minutes', () => {
    expect(CODE_MS).toBeLessThanOrEqual(600_000);
  });
});
