import { expect, test } from 'vitest';
import { parseStatementAmount, parseStatementDay, readStatement } from './statement-line.ts';

const columns = { reference: 'id', amount: 'сумма', fee: 'fee', date: 'date' };

const read = (text: string) => {
  const found = readStatement(text, columns);
  return found.ok ? [...found.value] : found.refusal;
};

test.each([
  ['350.00', 35_000n],
  ['-350', -35_000n],
  ['1 500,5', 150_050n],
  ['1\u00A0500,05', 150_005n],
  ['0.001', null],
  ['1,500.00', null],
  ['12e3', null],
  ['', null],
])('an amount of %j is %s', (text, tyiyn) => {
  expect(parseStatementAmount(text)).toBe(tyiyn);
});

test.each([
  ['2026-12-05', '2026-12-05'],
  ['2026-12-05T10:00:00Z', '2026-12-05'],
  ['05.12.2026 10:00', '2026-12-05'],
  ['2026-02-30', null],
  ['12/05/2026', null],
])('a day of %j is %s', (text, day) => {
  expect(parseStatementDay(text)).toBe(day);
});

test.each([';', ',', '\t'])('columns are found by their names, in any order, between %j', (delimiter) => {
  const line = (...cells: readonly string[]) => cells.join(delimiter);
  const text = `\uFEFF${line('date', 'what', 'id', 'fee', 'сумма')}\r\n${line('05.12.2026', '"a ""b"""', '"r-1"', '7.00', '350.00')}\r\n`;
  const [first, ...more] = read(text) as readonly unknown[];
  expect(first).toEqual({
    number: 2,
    kind: 'line',
    line: { reference: 'r-1', amountTyiyn: 35_000n, feeTyiyn: 700n, day: '2026-12-05' },
  });
  expect(more).toEqual([]);
});

test('a line that cannot be read is told by its number and stops no other; empty ones are passed over', () => {
  const lines = [
    'id;сумма;fee;date',
    '"r-1;350.00;;',
    '',
    'r-2;much;;',
    'r-3;10.00;x;',
    'r-4;10.00;;soon',
    ';10.00;;',
    'r-6;10;;',
  ];
  expect(read(lines.join('\n'))).toEqual([
    { number: 2, kind: 'fault', fault: 'a quote is not closed' },
    { number: 4, kind: 'fault', fault: 'its amount cannot be read' },
    { number: 5, kind: 'fault', fault: 'its fee cannot be read' },
    { number: 6, kind: 'fault', fault: 'its day cannot be read' },
    { number: 7, kind: 'fault', fault: 'it has no reference' },
    { number: 8, kind: 'line', line: { reference: 'r-6', amountTyiyn: 1_000n, feeTyiyn: null, day: null } },
  ]);
});

test('a file without the columns is refused and says which', () => {
  expect(read('id;sum\nr-1;3')).toEqual({ missing: ['сумма', 'fee', 'date'] });
  expect(read('')).toEqual({ missing: ['id', 'сумма', 'fee', 'date'] });
});
