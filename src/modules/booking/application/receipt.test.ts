import { describe, expect, test } from 'vitest';
import type { Language } from '../../../kernel/human-text.ts';
import { createWriteReceipt, type FiscalReceiptsOf, type MoneyOfTicket, type Receipt } from './receipt.ts';
import type { TicketView } from './ticket-view.ts';

const PAID_AT_MS = Date.parse('2026-12-01T06:05:00Z');

const ticket: TicketView = {
  ticketId: 'ticket',
  userId: 'guest',
  parkId: 'ala-archa',
  ticketType: 'single',
  visitDate: '2026-12-05',
  qrCode: 'q3Jx0v1mT8uZr5cWk2bN7A',
  status: 'active',
  priceTyiyn: 150_050n,
  priceLines: [
    { kind: 'child_over_3', quantity: 5, unitTyiyn: 35_000n, amountTyiyn: 175_000n },
    { kind: 'adult', quantity: 1, unitTyiyn: 0n, amountTyiyn: 0n },
    { kind: 'promo_code', quantity: 1, unitTyiyn: -24_950n, amountTyiyn: -24_950n },
  ],
  paidTyiyn: 150_050n,
  promoCode: 'WINTER26',
  pointsSpent: 0,
  passId: null,
  children: [],
  adults: 1,
  places: 6,
  remaining: 6,
  createdAtMs: PAID_AT_MS,
  usedAtMs: null,
  expiresAtMs: PAID_AT_MS,
  validFromMs: PAID_AT_MS,
  validUntilMs: PAID_AT_MS,
  admissionCode: null,
  movedFrom: null,
  pendingMove: null,
  leaving: null,
  cancelled: null,
  refund: null,
};

type Money = Awaited<ReturnType<MoneyOfTicket>>;

const paid: Money = [
  {
    paymentId: 'payment',
    method: 'elcard',
    amountTyiyn: 150_050n,
    reference: 'bank 17',
    receivedAtMs: PAID_AT_MS,
    refunds: [],
  },
];

type FiscalReceipt = Awaited<ReturnType<FiscalReceiptsOf>>[number];

async function write(
  change: Partial<TicketView> = {},
  money: Money = paid,
  language: Language = 'en',
  fiscal: readonly FiscalReceipt[] = [],
) {
  const names = { ru: 'Ала-Арча', ky: 'Ала-Арча паркы', en: 'Ala-Archa' };
  const written = await createWriteReceipt({
    moneyOfTicket: async () => money,
    fiscalReceiptsOf: async () => fiscal,
    parkNames: async () => ({ names, addresses: names, timeZone: 'Asia/Bishkek' }),
    wallClock: (instantMs, timeZone, words) => `${instantMs} ${timeZone} ${words}`,
  })({ ...ticket, ...change }, language);
  if (!written.ok) throw new Error(written.refusal.code);
  return written.value;
}

const sumsOf = ({ sums }: Receipt) => Object.fromEntries(sums.map(({ kind, amountTyiyn }) => [kind, amountTyiyn]));

describe('a receipt', () => {
  test('has lines that add up to the price, and says what the promo code was', async () => {
    const receipt = await write();
    expect(receipt.lines.reduce((sum, { amountTyiyn }) => sum + amountTyiyn, 0n)).toBe(150_050n);
    expect(receipt.lines.at(-1)).toMatchObject({ text: 'Promo code WINTER26', amountText: 'KGS -249.50' });
    expect(sumsOf(receipt)).toEqual({
      price: 150_050n,
      received: 150_050n,
      refunded: 0n,
      to_refund: 0n,
      kept: 150_050n,
    });
    expect(receipt.payments).toMatchObject([
      { method: 'elcard', methodText: 'ElCard', reference: 'bank 17', atText: `${PAID_AT_MS} Asia/Bishkek en` },
    ]);
  });

  test.each([
    ['ru', 'Чек', 'Ала-Арча', '5 декабря 2026\u00A0г.', 'Итого', '1\u00A0500,50\u00A0сом', 'Элкарт'],
    ['ky', 'Чек', 'Ала-Арча паркы', '2026-ж., 5-декабрь', 'Жыйынтыгы', '1\u00A0500,50\u00A0сом', 'Элкарт'],
    ['en', 'Receipt', 'Ala-Archa', '5 December 2026', 'Total', 'KGS 1,500.50', 'ElCard'],
  ] as const)('is written in %s', async (language, title, park, day, total, sum, method) => {
    const receipt = await write({}, paid, language);
    expect(receipt).toMatchObject({ title, park: { name: park }, visitDay: day });
    expect(receipt.sums[0]).toMatchObject({ kind: 'price', text: total, amountText: sum });
    expect(receipt.payments[0]?.methodText).toBe(method);
  });

  test('tells what went back, what will, and what stays paid', async () => {
    const refund = { reference: null, requestedAtMs: PAID_AT_MS + 1 };
    const refunds = [
      { ...refund, refundId: 'first', amountTyiyn: 50n, status: 'succeeded' },
      { ...refund, refundId: 'second', amountTyiyn: 100_000n, status: 'manual' },
      { ...refund, refundId: 'third', amountTyiyn: 20_000n, status: 'submitted' },
    ] as const;
    const receipt = await write({ status: 'cancelled' }, [{ ...paid[0], refunds } as Money[number]]);
    expect(sumsOf(receipt)).toMatchObject({ received: 150_050n, refunded: 50n, to_refund: 120_000n, kept: 30_000n });
    expect(receipt.refunds.map(({ status, statusText }) => `${status}: ${statusText}`)).toEqual([
      'succeeded: Money returned',
      'manual: Staff will return the money',
      'submitted: Refund with the provider',
    ]);
  });

  const issued = {
    fnNumber: '1',
    fdNumber: '2',
    fiscalSign: '3',
    registerNumber: '4',
    url: 'https://tax',
    isTest: false,
  };
  const fiscal = (status: FiscalReceipt['status'], of: FiscalReceipt['issued'] = null): FiscalReceipt => ({
    receiptId: 'receipt',
    kind: 'sale',
    status,
    paymentId: 'payment',
    refundId: null,
    totalTyiyn: 150_050n,
    issued: of,
  });

  test.each([
    ['issued', 'The fiscal receipt is issued', [fiscal('issued', issued), fiscal('none_required')]],
    ['issued', 'The receipt of a test register, not a fiscal one', [fiscal('issued', { ...issued, isTest: true })]],
    ['pending', 'The fiscal receipt is being issued', [fiscal('issued', issued), fiscal('pending')]],
    ['no_register', 'There is no fiscal receipt: no cash register is connected', [fiscal('no_register')]],
    ['none_required', 'No fiscal receipt is due', []],
  ] as const)('says of its fiscal receipts that they are %s: %s', async (status, text, receipts) => {
    expect((await write({}, paid, 'en', receipts)).fiscal).toMatchObject({ status, text });
  });

  test('is there for a ticket that costs nothing, and has no payments', async () => {
    const priceLines = [{ kind: 'pass', quantity: 2, unitTyiyn: 0n, amountTyiyn: 0n }] as const;
    const receipt = await write({ priceTyiyn: 0n, paidTyiyn: 0n, priceLines }, []);
    expect(receipt).toMatchObject({ lines: [{ text: 'By pass', amountText: 'KGS 0' }], payments: [], refunds: [] });
    expect(new Set(Object.values(sumsOf(receipt)))).toEqual(new Set([0n]));
  });

  test.each(['pending_payment', 'expired', 'cancelled'] as const)(
    'there is none of an unpaid ticket: %s',
    async (status) => {
      await expect(write({ status, paidTyiyn: 0n })).rejects.toThrow('not_paid');
    },
  );
});
