import { describe, expect, test } from 'vitest';
import type { Notice } from '../contract.ts';
import { messageOf } from './notice-texts.ts';

const visit = { parkId: 'ala-archa', visitDate: '2026-12-05' } as const;
const NOTICES: readonly Notice[] = [
  { kind: 'ticket_paid', people: 4, ...visit },
  { kind: 'hold_expired', ...visit },
  { kind: 'ticket_cancelled', refundTyiyn: 150_050n, ...visit },
  { kind: 'day_cancelled', refundTyiyn: 150_050n, ...visit },
  { kind: 'ticket_moved', fromDate: '2026-12-04', ...visit },
  { kind: 'move_undone', fromDate: '2026-12-04', ...visit },
  { kind: 'cancel_denied', ...visit },
  { kind: 'money_returned', amountTyiyn: 150_050n },
  { kind: 'place_offered', untilMs: 0, ...visit },
  { kind: 'new_device' },
  { kind: 'password_changed' },
  { kind: 'signed_out_everywhere' },
  { kind: 'session_stolen' },
  { kind: 'phone_verified' },
  { kind: 'roles_changed' },
];
const names = { park: 'Ала-Арча', until: '18:30' };

describe.each(['ru', 'ky', 'en'] as const)('in %s', (language) => {
  test.each(NOTICES)('$kind says what happened, where and when', (notice) => {
    const { subject, text } = messageOf(notice, language, names);
    expect(subject).not.toBe('');
    expect(text).not.toMatch(/undefined|null|NaN|\s\s|\s[.,:]/);
    if ('visitDate' in notice) {
      expect(text).toContain('Ала-Арча');
      expect(text).toContain('2026');
    }
    if ('refundTyiyn' in notice || notice.kind === 'money_returned') expect(text).toMatch(/1[\s,]500[.,]50/);
    if (notice.kind === 'place_offered') expect(text).toContain('18:30');
  });

  test('nothing is said of money when nothing was paid', () => {
    const { text } = messageOf({ kind: 'ticket_cancelled', refundTyiyn: 0n, ...visit }, language, names);
    expect(text).not.toMatch(/сом|KGS|\s$/);
  });
});

test('every language has words of its own for every notice', () => {
  for (const notice of NOTICES) {
    const texts = (['ru', 'ky', 'en'] as const).map((language) => messageOf(notice, language, names).text);
    expect(new Set(texts).size).toBe(3);
  }
});
