import { expect, test } from 'vitest';
import { formatInstant } from './human-instant.ts';

const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

test('an instant is told by the clock of the park, whatever the zone of this process', () => {
  const instantMs = Date.UTC(2026, 11, 5, 18, 30, 59);
  expect(plain(formatInstant(instantMs, 'Asia/Bishkek', 'ru'))).toBe('6 декабря 2026 г., 00:30');
  expect(plain(formatInstant(instantMs, 'Asia/Bishkek', 'ky'))).toBe('2026-ж., 6-декабрь, 00:30');
  expect(plain(formatInstant(instantMs, 'UTC', 'en'))).toBe('5 December 2026, 18:30');
});

test('a zone that nobody knows is not guessed', () => {
  expect(() => formatInstant(0, 'Asia/Atlantis', 'en')).toThrow(RangeError);
});
