import { expect, test } from 'vitest';
import { fileFaultInWords } from '../../src/modules/ledger/http/import-statement.ts';
import type { ImportFault } from '../../src/modules/ledger/application/statements.ts';
import { lineOf } from '../../src/modules/ledger/domain/statement-line.ts';
import { importProblemInWords, lineFaultInWords } from '../console/reconciliation/statement-faults.ts';
import { reconciliation as words } from '../console/texts/ru/reconciliation.ts';
import type { Problem } from '../shared/api/outcome.ts';

const PLACES = { reference: 0, amount: 1, fee: 2, date: 3, kind: -1 };
const READING = { reference: 'a', amount: 'b', fee: 'c', date: 'd', kind: null, payoutWord: null, refundWord: null };

test.each([
  [['', '350', '', ''], 'нет номера операции'],
  [['FNK-1', 'много', '', ''], 'непонятная сумма'],
  [['FNK-1', '350', 'мало', ''], 'непонятная комиссия'],
  [['FNK-1', '350', '', 'вчера'], 'непонятная дата'],
])('what the node finds wrong with a line of a statement has its words: %s', (cells, told) => {
  const read = lineOf({ number: 2, kind: 'cells', cells }, PLACES, READING);
  expect(read.kind).toBe('fault');
  expect(read.kind === 'fault' && lineFaultInWords(read.fault, words)).toBe(told);
});

test('what nobody foresaw of a line is still told', () => {
  expect(lineFaultInWords('it ends within quotes', words)).toBe('не читается');
});

const FAULTS: readonly (readonly [ImportFault, string])[] = [
  [{ code: 'empty' }, words.fileFaults.empty],
  [{ code: 'head_only' }, words.fileFaults.headOnly],
  [{ code: 'spreadsheet' }, words.fileFaults.spreadsheet],
  [{ code: 'no_text' }, words.fileFaults.noText],
  [{ code: 'missing_columns', missing: ['amount'], found: [] }, words.fileFaults.noHead],
  [
    { code: 'missing_columns', missing: ['amount'], found: ['Дата', 'Сумма'] },
    'В файле нет столбца amount. Есть такие: Дата, Сумма.',
  ],
];

const refused = (path: string, message: string): Problem => ({
  code: 'validation_failed',
  title: 'Проверьте',
  detail: '',
  fields: [{ path, message }],
  status: 400,
  retryAfterSeconds: null,
});

test.each(FAULTS)('why a file is not taken is said in the language of the reader: %j', (fault, told) => {
  const { fields } = importProblemInWords(refused('', fileFaultInWords(fault)), words);
  expect(fields.map((field) => field.words)).toEqual([told]);
});

test('fields of the import have their own words, and others those of all forms', () => {
  const told = ['fee_percent', 'kind_column', 'to'].map((path) =>
    importProblemInWords(refused(path, 'is wrong'), words),
  );
  expect(told.map(({ fields: [field] }) => field?.words)).toEqual([
    words.fileFaults.fee,
    words.fileFaults.kind,
    undefined,
  ]);
});
