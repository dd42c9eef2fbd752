import { expect, test } from 'vitest';
import { csvOf, csvParts } from './csv.ts';

const cell = (value: string | number | null): string => csvOf(['a'], [{ a: value }]).slice('\uFEFFa\r\n'.length, -2);

test('columns stand in their order under their names', () => {
  expect(
    csvOf(
      ['b', 'a'],
      [
        { a: 1, b: 'x' },
        { a: 2, b: null },
      ],
    ),
  ).toBe('\uFEFFb,a\r\nx,1\r\n,2\r\n');
});

test.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|calc!A1'])('%j is no formula any more', (text) => {
  expect(cell(text)).toMatch(/^"?'/);
});

test.each(['-5.00', '-5', '350.00', '0'])('%s stays a number', (text) => {
  expect(cell(text)).toBe(text);
});

test('commas, quotes and line ends do not leave their cell', () => {
  expect(cell('a,b')).toBe('"a,b"');
  expect(cell('say "no"')).toBe('"say ""no"""');
  expect(cell('two\r\nlines')).toBe('"two\r\nlines"');
  expect(cell(' padded')).toBe('" padded"');
});

test('a table in parts is the same table', async () => {
  const rows = ['=1', 'b', 'c'].map((a) => ({ a }));
  const some = async function* some() {
    yield rows.slice(0, 2);
    yield [];
    yield rows.slice(2);
  };
  const parts: string[] = [];
  for await (const part of csvParts(['a'], some())) parts.push(part);
  expect(parts.join('')).toBe(csvOf(['a'], rows));
});
