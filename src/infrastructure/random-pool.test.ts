import { expect, test } from 'vitest';
import { randomPiece } from './random-pool.ts';

test('pieces of all lengths are random, as long as was asked for, and never the same', () => {
  const pieces = Array.from({ length: 3000 }, (_, index) => randomPiece(12 + (index % 30)));
  expect(pieces.every((piece, index) => piece.length === 12 + (index % 30))).toBe(true);
  expect(new Set(pieces.map((piece) => piece.toString('hex', 0, 12))).size).toBe(pieces.length);
  expect(randomPiece(4096).length).toBe(4096);
  expect(() => randomPiece(4097)).toThrow('shorter than was asked for');
});

test('a piece is nobody else’s: what is written into it is in no other', () => {
  const first = randomPiece(16);
  first.fill(7);
  expect(randomPiece(16).equals(first)).toBe(false);
});
