import { describe, expect, test } from 'vitest';
import { parsePersonName } from './person-name.ts';

describe('a name', () => {
  test.each([
    ['Айгүл', 'Айгүл'],
    ['  Алина \n', 'Алина'],
    ['7', '7'],
    ["O'Brien", "O'Brien"],
    ['<script>', '<script>'],
    ['\u202eright to left', '\u202eright to left'],
    ['a\u200bb', 'a\u200bb'],
    ['🎈 Аня', '🎈 Аня'],
    ['и\u0306', 'й'],
    ['x'.repeat(100), 'x'.repeat(100)],
    [`a${'🎈'.repeat(99)}`, `a${'🎈'.repeat(99)}`],
  ])('%j is kept as %j', (text, name) => {
    expect(parsePersonName(text)).toBe(name);
  });

  test.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['a line end inside', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a tab', 'tab\there'],
    ['a zero byte', 'a\u0000'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['half of a surrogate pair', 'a\ud83c'],
    ['a zero width space', '\u200b'],
    ['a letter that nobody sees', '\u3164'],
    ['marks without a letter', '\u0301\u0301'],
    ['signs alone', '🎈 – !'],
    ['101 characters', 'x'.repeat(101)],
  ])('%s is none', (_what, text) => {
    expect(parsePersonName(text)).toBeNull();
  });
});
