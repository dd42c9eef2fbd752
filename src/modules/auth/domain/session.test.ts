import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRefresh, sessionEnd, type Session } from './session.ts';

const DAY_MS = 86_400_000;
const OPENED_MS = 1_800_000_000_000;

const session = (more: Partial<Session> = {}): Session => ({
  sessionId: 's1',
  userId: 'u1',
  expiresAtMs: sessionEnd(OPENED_MS),
  generation: 3,
  refreshedAtMs: OPENED_MS,
  revoked: false,
  authenticatedAtMs: OPENED_MS,
  isTwoFactor: false,
  ...more,
});

describe('showing a refresh token', () => {
  test.each([
    ['the newest', 3, 0, 'rotate'],
    ['the newest, after weeks', 3, 30 * DAY_MS - 1, 'rotate'],
    ['the newest, idle too long', 3, 30 * DAY_MS, 'over'],
    ['its parent at once', 2, 0, 'repeat'],
    ['its parent at the last moment', 2, 10_000, 'repeat'],
    ['its parent too late', 2, 10_001, 'theft'],
    ['its grandparent at once', 1, 0, 'theft'],
  ])('%s is judged so', (_what, generation, afterMs, judgement) => {
    expect(judgeRefresh(session(), generation, OPENED_MS + afterMs)).toBe(judgement);
  });

  test('ends after 90 days however often the session was refreshed', () => {
    const refreshed = session({ refreshedAtMs: OPENED_MS + 90 * DAY_MS - 1 });
    expect(judgeRefresh(refreshed, 3, OPENED_MS + 90 * DAY_MS - 1)).toBe('rotate');
    expect(judgeRefresh(refreshed, 3, OPENED_MS + 90 * DAY_MS)).toBe('over');
  });

  test('brings nothing once the session is revoked', () => {
    for (const generation of [1, 2, 3]) {
      expect(judgeRefresh(session({ revoked: true }), generation, OPENED_MS)).toBe('over');
    }
  });

  test('no token but the newest ever rotates, and none but its parent ever repeats', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(100 * DAY_MS), (newest, shown, afterMs) => {
        const judgement = judgeRefresh(session({ generation: newest }), shown, OPENED_MS + afterMs);
        if (judgement === 'rotate') expect(shown).toBe(newest);
        if (judgement === 'repeat') expect(shown).toBe(newest - 1);
      }),
    );
  });
});
