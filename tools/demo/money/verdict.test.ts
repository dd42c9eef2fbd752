import { describe, expect, test } from 'vitest';
import type { OrderTotals } from '../../../src/infrastructure/provider-sandbox/order-book.ts';
import { endingsOf, type Purchase } from './books.ts';
import { verdictOn, type Books } from './verdict.ts';

const order = (chargedTyiyn: number, refundedTyiyn = 0): OrderTotals => ({
  orderId: 'order',
  paymentId: 'key',
  accountId: 'account',
  amountTyiyn: '35000',
  outcome: chargedTyiyn > 0 ? 'paid' : 'declined',
  transactionId: null,
  chargedTyiyn: String(chargedTyiyn),
  refundedTyiyn: String(refundedTyiyn),
  isTold: true,
});
const payment = (status: string, atProviderTyiyn: bigint, misfitTyiyn = 0n): Purchase['payments'][number] => ({
  id: 'payment',
  method: 'elcard',
  status,
  providerKey: 'key',
  amountTyiyn: 35_000n,
  misfitTyiyn,
  atProviderTyiyn,
});
const purchase = (ticketStatus: string, more: Partial<Purchase>): Purchase => ({
  ticketId: 'ticket',
  ticketStatus,
  priceTyiyn: 35_000n,
  payments: [],
  refunds: [],
  orders: [],
  ...more,
});

const paid = { payments: [payment('succeeded', 35_000n)], orders: [order(35_000)] };
const back = [{ status: 'succeeded', amountTyiyn: 35_000n }];
const HONOURED = purchase('active', paid);
const REFUNDED = purchase('refunded', {
  payments: [payment('succeeded', 0n)],
  orders: [order(35_000, 35_000)],
  refunds: back,
});
const FAILED = purchase('expired', { payments: [payment('failed', 0n)], orders: [order(0)] });

const booksOf = (purchases: readonly Purchase[], ledgerTyiyn = 0n): Books => ({
  purchases,
  orders: purchases.flatMap(({ orders }) => orders),
  ledgerTyiyn,
});

describe('what became of a purchase', () => {
  test.each([
    ['honoured', HONOURED],
    ['refunded', REFUNDED],
    ['failed', FAILED],
    ['honoured', purchase('active', { payments: [{ ...payment('succeeded', 0n), method: 'cash' }] })],
    [
      'refunded',
      purchase('pending_payment', {
        payments: [payment('failed', 17_500n, 17_500n)],
        orders: [order(17_500)],
        refunds: [{ status: 'succeeded', amountTyiyn: 17_500n }],
      }),
    ],
  ])('is %s', (ending, one) => expect(endingsOf(one)).toEqual([ending]));

  test.each<readonly [string, Purchase]>([
    ['money came and made no ticket', { ...HONOURED, ticketStatus: 'expired' }],
    ['a ticket is good without money', { ...FAILED, ticketStatus: 'active' }],
    ['a ticket is good and the money went back', { ...REFUNDED, ticketStatus: 'active' }],
    ['the provider took money that we know nothing of', { ...FAILED, orders: [order(35_000)] }],
    ['we count money that the provider never took', { ...HONOURED, orders: [order(0)] }],
    ['the provider took it once, and it went back twice', { ...REFUNDED, refunds: [...back, ...back] }],
    ['the provider gave back what our ledger still has', { ...HONOURED, orders: [order(35_000, 100)] }],
    ['the ledger has another sum', { ...HONOURED, payments: [payment('succeeded', 34_999n)] }],
  ])('is astray when %s', (_what, one) => {
    expect(endingsOf(one)).toEqual([]);
    expect(verdictOn(booksOf([one]), 1)).toMatchObject({ isGood: false, open: 1 });
  });
});

describe('the verdict', () => {
  const all = [HONOURED, REFUNDED, FAILED];

  test('is good when every purchase has its end and the ledger sums to zero', () => {
    const { lines, isGood } = verdictOn(booksOf(all), 3);
    expect(isGood).toBe(true);
    expect(lines.join('\n')).toMatch(
      /^purchases +3\npaid +2\nhonoured +1\nrefunded +1\nfailed +1\nunknown +0\nastray +0/,
    );
  });

  test.each<readonly [string, Parameters<typeof verdictOn>]>([
    ['a purchase is missing', [booksOf(all), 4]],
    ['the ledger does not balance', [booksOf(all, -1n), 3]],
    ['a payment is unknown', [booksOf([...all, purchase('active', { payments: [payment('unknown', 0n)] })]), 4]],
    [
      'the provider took money by an order that is none of ours',
      [{ ...booksOf(all), orders: [{ ...order(1), orderId: 'stray' }] }, 3],
    ],
    ['a refund is open', [booksOf([{ ...REFUNDED, refunds: [{ status: 'submitted', amountTyiyn: 35_000n }] }]), 1]],
  ])('is bad when %s', (_what, given) => expect(verdictOn(...given).isGood).toBe(false));
});
