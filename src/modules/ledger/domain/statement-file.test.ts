import { describe, expect, test } from 'vitest';
import { LONGEST_RECORD } from './csv-records.ts';
import { openStatement, readStatement } from './statement-file.ts';
import type { ReadLine, StatementReading } from './statement-line.ts';

const reading: StatementReading = {
  reference: 'Номер',
  amount: 'сумма',
  fee: 'fee',
  date: 'date',
  kind: null,
  payoutWord: null,
  refundWord: null,
};

/** Characters from Ё to я as the older encoding of Cyrillic has them; those of ASCII are the same. */
const inWindows1251 = (text: string): Uint8Array =>
  Uint8Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80 ? code : code - 0x410 + 0xc0;
  });
const inUtf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');

/** A file that arrives in pieces of a size. */
const fileOf = (content: string | Uint8Array, size = 7) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    sha256: new Uint8Array(32),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
  };
};

async function read(content: string | Uint8Array, more: Partial<StatementReading> = {}, size = 7) {
  const file = fileOf(content, size);
  const asked = { ...reading, ...more };
  const opened = await openStatement(file, asked);
  if (!opened.ok) return opened.refusal;
  const lines: ReadLine[] = [];
  for await (const some of readStatement(file, opened.value, asked)) lines.push(...some);
  return lines;
}

const line = (number: number, told: object) => ({
  number,
  kind: 'line',
  line: { kind: 'movement', feeTyiyn: null, day: null, toldAt: null, ...told },
});

describe('a statement', () => {
  const HEAD = 'date;what;Номер;fee;Сумма';
  const ROW = '05.12.2026;"a ""b""";"Платёж-1";7,00;350,00'.replace('ё', 'е');
  const told = line(2, { reference: 'Платеж-1', amountTyiyn: 35_000n, feeTyiyn: 700n, day: '2026-12-05' });

  test.each([
    ['UTF-8', `${HEAD}\n${ROW}`],
    ['UTF-8 with its mark and CRLF', `\uFEFF${HEAD}\r\n${ROW}\r\n`],
    ['windows-1251', inWindows1251(`${HEAD}\r\n${ROW}\r\n`)],
    ['UTF-16 of a spreadsheet', inUtf16(`${HEAD}\r\n${ROW}\r\n`)],
  ])('is read in %s, its columns by their names', async (_encoding, content) => {
    for (const size of [1, 3, 1000]) expect(await read(content, {}, size)).toEqual([told]);
  });

  test.each([';', ',', '\t'])('is read with %j between cells, which the columns tell', async (separator) => {
    const cells = (...row: readonly string[]) => row.map((cell) => `"${cell}"`).join(separator);
    const text = [cells('date; or so', 'Номер', 'fee', ' СУММА '), cells('05.12.2026', 'Платеж-1', '7,00', '350,00')];
    expect(await read(text.join('\n'), { date: 'date; or so' })).toEqual([told]);
  });

  test('a line that cannot be read is told by its number and stops no other; empty ones are passed over', async () => {
    const lines = [
      'Номер;сумма;fee;date',
      '"r-1;350.00;;',
      '',
      'r-2;much;;',
      'r-3;10.00;x;',
      'r-4;10.00;;soon',
      ';10.00;;',
      `r-${'x'.repeat(LONGEST_RECORD)};10;;`,
      `r-${'x'.repeat(300)};10;;`,
      'r\u0001;10;;',
      'r-6;10;;',
    ];
    expect(await read(lines.join('\n'))).toEqual([
      { number: 2, kind: 'fault', fault: 'a quote is not closed' },
      { number: 4, kind: 'fault', fault: 'its amount cannot be read' },
      { number: 5, kind: 'fault', fault: 'its fee cannot be read' },
      { number: 6, kind: 'fault', fault: 'its day cannot be read' },
      { number: 7, kind: 'fault', fault: 'it has no reference' },
      { number: 8, kind: 'fault', fault: `it is longer than ${LONGEST_RECORD} characters` },
      { number: 9, kind: 'fault', fault: 'its reference cannot be read' },
      { number: 10, kind: 'fault', fault: 'its reference cannot be read' },
      line(11, { reference: 'r-6', amountTyiyn: 1_000n }),
    ]);
  });

  test('a column of kinds tells payouts, and refunds that have no sign', async () => {
    const rows = ['Вид;Номер;сумма', 'Оплата;p;350', 'возврат;r;100', 'Выплата;s;-240.50', 'other;o;-5'];
    const kinds = { fee: null, date: null, kind: 'вид', payoutWord: 'выплата', refundWord: 'Возврат' };
    expect(await read(rows.join('\n'), kinds)).toEqual([
      line(2, { reference: 'p', amountTyiyn: 35_000n }),
      line(3, { reference: 'r', amountTyiyn: -10_000n }),
      line(4, { kind: 'payout', reference: 's', amountTyiyn: 24_050n }),
      line(5, { reference: 'o', amountTyiyn: -500n }),
    ]);
  });

  test.each([
    ['nothing', '', { code: 'empty' }],
    ['blank lines', '\uFEFF \r\n\n', { code: 'empty' }],
    ['a head alone', 'Номер;сумма;fee;date\r\n\r\n', { code: 'head_only' }],
    ['a file of a spreadsheet', Uint8Array.of(0x50, 0x4b, 3, 4, 20), { code: 'spreadsheet' }],
    ['bytes', Uint8Array.of(0x61, 0, 0x62), { code: 'no_text' }],
    [
      'other columns',
      'id,sum\nr-1,3',
      { code: 'missing_columns', missing: ['Номер', 'сумма', 'fee', 'date'], found: ['id', 'sum'] },
    ],
    [
      'one endless line',
      'x'.repeat(100_000),
      { code: 'missing_columns', missing: ['Номер', 'сумма', 'fee', 'date'], found: [] },
    ],
  ])('%s is refused, and why', async (_what, content, fault) => {
    expect(await read(content)).toEqual(fault);
  });
});
