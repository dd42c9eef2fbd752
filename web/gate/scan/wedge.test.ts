import { expect, test } from 'vitest';
import { typedBy } from './wedge.ts';

const press = (key: string, code: string, shiftKey = false): string => typedBy({ key, code, shiftKey });

test.each([
  ['an English layout', ['a', 'A', '7', '-', '_', '.']],
  ['a Russian layout', ['ф', 'Ф', '7', '-', '_', 'ю']],
])(
  'a scanner is read as it typed, under %s',
  (_what, [a = '', A = '', seven = '', minus = '', line = '', dot = '']) => {
    const typed = [
      press(a, 'KeyA'),
      press(A, 'KeyA', true),
      press(seven, 'Digit7'),
      press(minus, 'Minus'),
      press(line, 'Minus', true),
      press(dot, 'Period'),
    ];
    expect(typed.join('')).toBe('aA7-_.');
  },
);

test('keys that type nothing are nothing, and what no key is known for stays as it is', () => {
  expect(press('Shift', 'ShiftLeft', true)).toBe('');
  expect(press('№', 'Unidentified')).toBe('№');
});
