import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFiscalBook, type ReceiptBody } from './fiscal-book.ts';
import { openJournal } from './journal.ts';

const FN = '0000000000000001';
const body = (uuid: string, more: Partial<ReceiptBody> = {}): ReceiptBody => ({
  uuid,
  fnNumber: FN,
  goods: [{ calcItemAttributeCode: 0, name: 'Билет', price: 100, quantity: 1, cost: 100, st: 1, vat: 2 }],
  taxSums: [
    { type: 'ST', code: 1, sum: 0 },
    { type: 'VAT', code: 2, sum: 0 },
  ],
  taxSystem: 0,
  totalCashSum: 0,
  totalCashlessSum: 100,
  totalSum: 100,
  operation: 'INCOME',
  ...more,
});
const [first, second, third] = ['1', '2', '3'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`) as [
  string,
  string,
  string,
];

test('what was answered is known after a kill: numbers go on, shifts stay open, and no uuid is issued again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-book-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const open = async () => {
    const { journal, lines } = await openJournal(join(folder, 'fiscal.jsonl'));
    return { journal, book: createFiscalBook(journal, lines) };
  };
  const before = await open();
  expect(await before.book.changeShift(FN, 'opened', 7)).toBe(1);
  const sale = await before.book.issue(body(first), 'a1', 8);
  expect(sale).toMatchObject({ fdNumber: 2, shiftNumber: 1 });
  const part = { operation: 'INCOME_RETURN', originFnSerialNumber: FN, originFdNumber: 2, totalSum: 40 } as const;
  await before.book.issue(body(second, part), 'a2', 9);
  // Not closed first: a kill does not either.
  const { book, journal } = await open();
  expect([book.shiftOf(FN), book.byUuid(first), book.returnedOf(sale)]).toEqual([7, sale, 40]);
  expect(book.byNumber(FN, 3)?.body.uuid).toBe(second);
  expect(await book.issue(body(third), 'a3', 10)).toMatchObject({ fdNumber: 4 });
  await Promise.all([journal.close(), before.journal.close()]);
});
