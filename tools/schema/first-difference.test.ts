import { expect, test } from 'vitest';
import { firstDifference } from './first-difference.ts';

test('equal texts have no difference', () => {
  expect(firstDifference('a\nb\n', 'a\nb\n')).toBeNull();
});

test('the first line that differs is shown with what stands before it', () => {
  expect(firstDifference('1\n2\n3\n4\n5\n', '1\n2\n3\n4\nfive\n')).toBe('line 5:\n  2\n  3\n  4\n- 5\n+ five');
});

test('a text that goes on longer differs where the other ends', () => {
  expect(firstDifference('', 'a\n')).toBe('line 1:\n- \n+ a');
  expect(firstDifference('a\nb', 'a')).toBe('line 2:\n  a\n- b\n+ (end)');
});
