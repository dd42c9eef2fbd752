import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvCutter, LONGEST_RECORD, type CsvRecord } from './csv-records.ts';

/** Cuts a text that arrives in pieces of a size. */
function cut(text: string, size = text.length, separator = ';'): readonly CsvRecord[] {
  const cutter = new CsvCutter(separator);
  const records: CsvRecord[] = [];
  for (let at = 0; at < text.length; at += Math.max(1, size))
    records.push(...cutter.push(text.slice(at, at + Math.max(1, size))));
  return [...records, ...cutter.end()];
}
const cells = (number: number, ...found: readonly string[]) => ({ number, kind: 'cells', cells: found });
const fault = (number: number, text: string) => ({ number, kind: 'fault', fault: text });

test('lines end with LF or CRLF, the last one with nothing; empty ones count and are passed over', () => {
  expect(cut('a;b\r\n\r\n c ;d\n;\n  \ne')).toEqual([
    cells(1, 'a', 'b'),
    cells(3, 'c', 'd'),
    cells(4, '', ''),
    cells(6, 'e'),
  ]);
});

test('quoted cells hold separators, quotes and line breaks', () => {
  expect(cut('"a;1";"say ""no""";"over\r\ntwo\nlines";x\r\ny;"z"')).toEqual([
    cells(1, 'a;1', 'say "no"', 'over\r\ntwo\nlines', 'x'),
    cells(4, 'y', 'z'),
  ]);
});

test('what cannot be cut is one line, and the next ones are read', () => {
  const text = 'a;"b\nc;d\n"x"y;e\nf;g\n"open at the end';
  expect(cut(text)).toEqual([
    fault(1, 'something follows a closed quote'),
    cells(2, 'c', 'd'),
    fault(3, 'something follows a closed quote'),
    cells(4, 'f', 'g'),
    fault(5, 'a quote is not closed'),
  ]);
});

test('a quote that stays open swallows no more than the longest record', () => {
  const lines = Array.from({ length: 3 * LONGEST_RECORD }, (_, index) => `r${index}`);
  const [first, ...others] = cut(['"open', ...lines].join('\n'), 65_536);
  expect(first).toEqual(fault(1, 'a quote is not closed'));
  expect(others).toEqual(lines.map((line, index) => cells(index + 2, line)));
});

test('a line too long to be one is told and not kept', () => {
  const long = 'x'.repeat(5 * LONGEST_RECORD);
  for (const size of [1000, 70_000, 1_000_000]) {
    expect(cut(`a\n${long}\nb`, size)).toEqual([
      cells(1, 'a'),
      fault(2, `it is longer than ${LONGEST_RECORD} characters`),
      cells(3, 'b'),
    ]);
  }
});

test('the pieces in which a text arrives make no difference', () => {
  const part = fc.constantFrom('a', '"', '""', ';', '\n', '\r\n', ' ', 'я', '"q"', '"two\nlines"');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const text = parts.join('');
      expect(cut(text, size)).toEqual(cut(text));
    }),
    { numRuns: 500, seed: 24 },
  );
});

test('what is written after RFC 4180 is read as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ';', '\n', 'ж', "'"), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(';')).join('\r\n');
      const read = cut(text, 5).map((record) => (record.kind === 'cells' ? record.cells : record.fault));
      expect(read).toEqual(rows.map((row) => row.map((one) => one.trim())));
    }),
    { numRuns: 300, seed: 24 },
  );
});
