import { expect, test } from 'vitest';
import type { Recorded } from '../../kernel/event-codec.ts';
import type { Session } from '../../infrastructure/postgres/session.ts';
import { ownAuthor } from './audit.suite.ts';
import { createShiftAudit } from './shift-audit.ts';

type Told = readonly [type: string, data: object];

async function findingOf(...log: readonly Told[]) {
  const audit = createShiftAudit();
  for (const [type, data] of log) {
    audit.see({ type, data: { shiftId: 'shift', ...data }, meta: {} } as unknown as Recorded, ownAuthor);
  }
  const [finding] = await audit.findings({} as Session);
  return finding;
}

const opened: Told = ['ShiftOpened', { floatTyiyn: 1_000n }];
const intended: Told = ['PaymentIntended', { paymentId: 'payment', method: 'cash' }];
const succeeded: Told = ['PaymentSucceeded', { paymentId: 'payment', amountTyiyn: 350n }];
const taken: Told = ['CashTaken', { paymentId: 'payment', amountTyiyn: 350n }];
const sale = [intended, succeeded, taken];
const refunded: Told = ['RefundSucceeded', { paymentId: 'payment', refundId: 'refund', amountTyiyn: 100n }];
const paidOut: Told = ['CashPaidOut', { paymentId: 'payment', refundId: 'refund', amountTyiyn: 100n }];
const closed = (expectedTyiyn: bigint, countedTyiyn: bigint, differenceTyiyn: bigint): Told => [
  'ShiftClosed',
  { expectedTyiyn, countedTyiyn, differenceTyiyn },
];

test('a till has its float and what it took, and not what it paid out', async () => {
  const finding = await findingOf(opened, ...sale, refunded, paidOut, closed(1_250n, 1_240n, -10n));
  expect(finding).toMatchObject({ subject: 'rule 6', holds: true });
  expect(finding?.text).toContain('12.50 = 10.00 float + 3.50 taken − 1.00 paid out');
});

test('what was paid otherwise is in no till', async () => {
  const card: Told = ['PaymentIntended', { paymentId: 'payment', method: 'elcard_terminal' }];
  expect(await findingOf(opened, card, succeeded, refunded)).toMatchObject({ holds: true });
});

const cases: readonly (readonly [string, readonly Told[]])[] = [
  ['a payment in cash is in no till', [opened, intended, succeeded]],
  ['a till took cash of no payment', [opened, taken]],
  [
    'a till took another sum',
    [opened, intended, succeeded, ['CashTaken', { paymentId: 'payment', amountTyiyn: 349n }]],
  ],
  ['the cash of a payment is in a till twice', [opened, ...sale, taken]],
  ['a refund in cash came out of no till', [opened, ...sale, refunded]],
  ['a till paid out what nobody is given back', [opened, ...sale, paidOut]],
  [
    'a till paid out more than it had',
    [['ShiftOpened', { floatTyiyn: 0n }], intended, succeeded, refunded, paidOut, taken],
  ],
  ['cash moved after the close', [opened, closed(1_000n, 1_000n, 0n), ...sale]],
  ['cash moved in a shift nobody opened', sale],
  ['a close expects another sum', [opened, ...sale, closed(1_000n, 1_000n, 0n)]],
  ['a close hides the difference', [opened, closed(1_000n, 900n, 0n)]],
];
test.each(cases)('it is a fault when %s', async (_what, log) => {
  expect(await findingOf(...log)).toMatchObject({ holds: false });
});
