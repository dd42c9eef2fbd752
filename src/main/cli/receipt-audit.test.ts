import { expect, test } from 'vitest';
import { findingsOf } from './audit.suite.ts';
import { createReceiptAudit } from './receipt-audit.ts';

const came = (amountTyiyn = 350n) => ({ type: 'PaymentSucceeded', data: { paymentId: 'payment', amountTyiyn } });
const misfit = { type: 'PaymentMismatched', data: { paymentId: 'payment', why: 'second_charge' } };
const asked = (refundId: string, causationId = 'nobody') => ({
  type: 'RefundRequested',
  data: { refundId },
  causationId,
});
const out = (refundId: string, amountTyiyn: bigint) => ({
  type: 'RefundSucceeded',
  data: { paymentId: 'payment', refundId, amountTyiyn },
});
const issued = (receiptId: string, totalTyiyn: bigint) => ({
  type: 'FiscalReceiptIssued',
  data: { receiptId, totalTyiyn },
});

const progress = { start: 0, handled: 99 };
type Row = { readonly outcome?: string | null; readonly isTried?: boolean; readonly total?: string };
const sale = (row: Row = {}) => ({
  ...progress,
  id: 'sale',
  paymentId: 'payment',
  refundId: null,
  total: '350',
  outcome: 'no_register',
  isTried: false,
  ...row,
});
const back = (refundId: string, total: string, row: Row = {}) => ({
  ...sale({ total, ...row }),
  id: `return-${refundId}`,
  refundId,
});
const nothing = { ...progress, id: null };

type Log = Parameters<typeof findingsOf>[1];
const lookAt = async (log: Log, rows: readonly object[]) => {
  const [finding] = await findingsOf(createReceiptAudit(), log, rows);
  return finding;
};

test.each<readonly [string, Log, readonly object[]]>([
  ['nothing was sold', [], [nothing]],
  ['there is no register, and that is written', [came()], [sale()]],
  ['it waits for the register', [came()], [sale({ outcome: null, isTried: true })]],
  ['it is issued', [came(), issued('sale', 350n)], [sale({ outcome: 'issued' })]],
  [
    'the log has it issued, and the queue is told next',
    [came(), issued('sale', 350n)],
    [sale({ outcome: null, isTried: true })],
  ],
  [
    'parts of it are out',
    [came(), out('one', 100n), out('two', 250n)],
    [sale(), back('one', '100'), back('two', '250')],
  ],
  [
    'money that did not fit is out again, of which nothing was sold',
    [misfit, asked('one', 'event-1'), out('one', 350n)],
    [back('one', '0', { outcome: 'none_required' })],
  ],
  [
    'more is out than was left of the sale',
    [came(), out('one', 300n), out('two', 100n)],
    [sale(), back('one', '300'), back('two', '50')],
  ],
  ['it came before there were receipts', [came()], [{ ...nothing, start: 1 }]],
  ['the flow has not come to it', [came()], [{ ...nothing, handled: 0 }]],
])('holds when %s', async (_what, log, rows) => {
  expect(await lookAt(log, rows)).toMatchObject({ subject: 'fiscal', holds: true });
});

test.each<readonly [string, Log, readonly object[], string]>([
  ['money came without a receipt', [came()], [nothing], 'has no receipt, and no word why'],
  ['money is out without one', [came(), out('one', 350n)], [sale()], 'refund one has no receipt'],
  ['another sum was sold', [came(351n)], [sale()], 'is about 3.50 of 3.51'],
  ['less was taken back than is out', [came(), out('one', 100n)], [sale(), back('one', '99')], 'is about 0.99 of 1.00'],
  [
    'more was taken back than sold',
    [came(), out('one', 350n), out('two', 350n)],
    [sale(), back('one', '350'), back('two', '350')],
    'took back 3.50 more of payment payment than they sold',
  ],
  [
    'money that did not fit was taken back',
    [came(), misfit, asked('one', 'event-2'), out('one', 350n)],
    [sale(), back('one', '350')],
    'is about 3.50 of 3.50',
  ],
  ['nobody asks for it', [came()], [sale({ outcome: null })], 'is owed, and nobody asks for it'],
  ['it is done and asked for', [came()], [sale({ isTried: true })], 'is without a register and asked for all the same'],
  ['a sale is said to want none', [came()], [sale({ outcome: 'none_required' })], 'is said not to be required'],
  ['it is issued and not in the log', [came()], [sale({ outcome: 'issued' })], 'the log knows of none'],
  ['the log has it issued and it is not', [came(), issued('sale', 350n)], [sale()], 'the log has it issued'],
  [
    'it was issued for another sum',
    [came(), issued('sale', 349n)],
    [sale({ outcome: 'issued' })],
    'was issued for 3.49',
  ],
  ['nobody wanted it', [issued('sale', 350n)], [nothing], 'nobody wanted it'],
  ['it is of no money', [], [sale()], 'is of no money'],
  ['it is of old money', [came()], [{ ...sale(), start: 1 }], 'is from before there were receipts'],
])('it is a fault when %s', async (_what, log, rows, fault) => {
  const finding = await lookAt(log, rows);
  expect(finding?.holds).toBe(false);
  expect(finding?.text).toContain(fault);
});

test('says in sums where the receipts are', async () => {
  const finding = await lookAt(
    [came(), out('one', 100n)],
    [sale(), back('one', '100', { outcome: null, isTried: true })],
  );
  expect(finding?.text).toBe(
    'fiscal receipts: 2 receipts of 2.50 left with us = 0 issued (0.00) + 1 asked for (-1.00) + 1 without a register (3.50) + 0 not required (0.00)',
  );
});
